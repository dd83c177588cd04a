// SPDX-License-Identifier: MPL-2.0
// What a signal handler finds on its stack: struct rt_sigframe of x86-64, as Linux lays it out [sigreturn(2), sigaltstack(2)].
// Above it, aligned to 64, the FPU state in XSAVE's standard format with the words of struct _fpx_sw_bytes in the part of the
// legacy area that is free for software [sdm1 13.4.1], and a second magic number after its end.
#pragma once
#include <services/process/signals.h>

namespace svc::proc {

struct UserStack {  // stack_t
  u64 sp = 0;
  u32 flags = 0;
  u32 pad = 0;
  u64 size = 0;
};
static_assert(sizeof(UserStack) == 24);

struct SigContext {  // struct sigcontext
  u64 r8 = 0, r9 = 0, r10 = 0, r11 = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0, rdi = 0, rsi = 0, rbp = 0, rbx = 0, rdx = 0, rax = 0, rcx = 0,
      rsp = 0, rip = 0, rflags = 0;
  u16 cs = 0x33, gs = 0, fs = 0, ss = 0x2b;
  u64 err = 0, trapno = 0, oldmask = 0, cr2 = 0;
  u64 fpstate = 0;
  Array<u64, 8> reserved{};
};
static_assert(sizeof(SigContext) == 256);

struct UserContextFrame {  // struct ucontext
  u64 flags = 0;
  u64 link = 0;
  UserStack stack{};
  SigContext registers{};
  u64 mask = 0;
};
static_assert(sizeof(UserContextFrame) == 304);

struct SignalFrame {  // struct rt_sigframe
  u64 restorer = 0;
  UserContextFrame context{};
  RawSigInfo info{};
};
static_assert(sizeof(SignalFrame) == 440);

namespace frame {
inline constexpr u64 fp_xstate = 1, sigcontext_ss = 2, strict_restore_ss = 4;      // uc_flags
inline constexpr u32 magic1 = 0x46505853, magic2 = 0x46505845;                     // FP_XSTATE_MAGIC1, 2
inline constexpr usize legacy = 512, software_at = 464, xsave_header = 64;
inline constexpr u64 context_at = 8, info_at = 312;                                // in SignalFrame
inline constexpr u64 red_zone = 128;                                               // [x86-64 psABI 3.2.2]
}  // namespace frame

struct SoftwareBytes {  // struct _fpx_sw_bytes
  u32 magic = frame::magic1;
  u32 extended_size = 0;    // state and the second magic number
  u64 features = 0;
  u32 state_size = 0;
  Array<u32, 7> padding{};
};
static_assert(sizeof(SoftwareBytes) == frame::legacy - frame::software_at);

}  // namespace svc::proc
