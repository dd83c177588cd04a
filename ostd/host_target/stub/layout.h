// SPDX-License-Identifier: MPL-2.0
// What the OS process and the trampoline in a stub process agree on: addresses in the stub, the exchange page of each of its
// threads, commands. Included by the trampoline too, which has no library: plain constants and one plain struct only.
//
// A stub process holds user mappings below kTop and above it only ours: the trampoline's code and one slot for each thread:
//   slot + 0       exchange page (Ctl)
//   slot + 0x1000  stack of the fast entry (patched system call sites)
//   slot + 0x2000  signal stack, to the end of the slot
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace ostd::stub {

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using i64 = int64_t;

constexpr u64 kTop = 0x7fff'f000'0000;  // = ostd::kUserEnd
constexpr u64 kTopEnd = 0x7fff'ffff'f000;
constexpr u64 kCodeVa = kTop;
constexpr u64 kCodeSize = 0x2000;
constexpr u64 kSlotVa = kTop + 0x10'0000;
constexpr u64 kSlotSize = 0x8000;
constexpr u64 kSlotsOfStub = (kTopEnd - kSlotVa) / kSlotSize;
constexpr u64 kFastStackEnd = 0x2000;
constexpr u64 kSignalStack = 0x2000;
constexpr u64 kFilterAt = 0x3000;  // in the zygote's slot: u16 length, u32 flags at +4, then at +8 the seccomp program

// File descriptors of a stub.
constexpr int kFdPhys = 0;
constexpr int kFdExchange = 1;
constexpr int kFdCode = 2;
constexpr int kFdListener = 3;  // of the zygote, for a moment: on its way to the OS
constexpr int kFdSocket = 4;    // the way

// The call that closes a batch when the OS asks for it: by its arrival there all calls before it are over.
constexpr u64 kFenceCall = 39;  // getpid

constexpr int kSigInterrupt = 10;  // SIGUSR1: the OS wants the thread back

// Order of the registers in a signal frame's mcontext.
enum Reg : u32 { r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags, kRegs };
constexpr u32 kCsGsFs = 18, kErr = 19, kTrapNo = 20, kOldMask = 21, kCr2 = 22, kFpState = 23, kGregs = 24;
constexpr u64 kUcGregs = 40;  // offset of mcontext in ucontext

// Command numbers below 1000 are host system calls.
constexpr u64 kCmdSpawnProcess = 1000;  // a0: file offset of the child's first slot; zygote only
constexpr u64 kCmdSpawnThread = 1001;   // a0: slot number, a1: file offset
constexpr u64 kCmdFrame = 1002;         // turn a fast entry into a signal frame; the last of its batch

struct Cmd {
  u64 nr;
  u64 a[6];
  i64 ret;
};
constexpr u32 kMaxCmds = 56;

// How the thread came in.
enum Kind : u32 {
  kFrame = 0,          // signal frame at uc
  kFast = 1,           // system call of a patched site, registers in regs
  kFastInterrupt = 2,  // interrupt while a fast exit was under way, registers in regs
};

enum Set : u32 {
  kSetFs = 1,
  kSetGs = 2,
  kFlipId = 4,  // the ID flag, which the kernel does not take from a frame
};

struct Ctl {
  u32 state;       // 0x00 futex word. 0: the OS owns the thread, 1: the stub does
  u32 os_sleeps;   // 0x04
  u32 stub_sleeps; // 0x08
  u32 os_cpu;      // 0x0c where each side ran last
  u32 stub_cpu;    // 0x10
  u32 spin;        // 0x14 TSC ticks to spin when the other side ran on another CPU; 0: never, or no more
  u32 kind;        // 0x18
  u32 kicked;      // 0x1c an interrupt hit the trampoline on its way out
  u32 sig;         // 0x20
  u32 code;        // 0x24 si_code
  u32 again;       // 0x28 only run the commands, then come back
  u32 set;         // 0x2c Set: what to load before going on
  u64 self;        // 0x30 address of this page in the stub
  u64 uc;          // 0x38
  u64 si_addr;     // 0x40 fault address or si_call_addr
  u64 si_sys;      // 0x48 si_syscall | si_arch << 32
  u64 fs_base;     // 0x50
  u64 gs_base;     // 0x58
  u64 regs[kRegs]; // 0x60
  u32 commands;    // how many are to be run; 0 when done
  u32 failed;      // how many of them returned an error; then the thread comes back without having run user code
  u32 parent;      // process id of the OS, for stubs that are born while it dies
  u32 fence;       // make kFenceCall when the commands are done
  Cmd cmd[kMaxCmds];
};
static_assert(offsetof(Ctl, kicked) == 0x1c && offsetof(Ctl, self) == 0x30 && offsetof(Ctl, regs) == 0x60);
static_assert(sizeof(Ctl) <= 0x1000);

}  // namespace ostd::stub
