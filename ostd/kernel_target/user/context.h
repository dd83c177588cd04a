// SPDX-License-Identifier: MPL-2.0
// UserContext::Impl and the rules of its FPU state.
//
// The memory image is right unless the state is live: this CPU's fpu_live is set and its fpu_owner is the context. Live state
// exists only on the CPU that runs the context's task: every task switch saves it (before_switch). Registers still hold a saved
// state when fpu_owner is the context and fpu_cpu the CPU: then only the control words must be loaded again.
//
// FS and GS base go with it: while the state is live the processor's are right, since user code can write them, unless services
// have written to regs since (then they differ from what was loaded or read last, seen_fs and seen_gs).
#pragma once
#include <cpu/cpu_area.h>
#include <ostd/user.h>

namespace ostd {

struct UserContext::Impl {
  UserRegs regs;
  Fault fault;
  u32 fpu_cpu = ~0U;       // whose registers may still hold the image's state
  u32 spec_control = 0;    // bits of IA32_SPEC_CTRL that its program wants
  u64 seen_fs = 0, seen_gs = 0;
  u8* fpu = nullptr;       // XSAVE image, 64-byte aligned, inside memory
  u8* memory = nullptr;
};
static_assert(offsetof(UserContext::Impl, regs) == 0);
static_assert(offsetof(UserRegs, fs_base) + REG_R15 == offsetof(UserRegs, r15));
static_assert(offsetof(UserRegs, fs_base) + REG_R11 == offsetof(UserRegs, r11));
static_assert(offsetof(UserRegs, fs_base) + REG_RAX == offsetof(UserRegs, rax));
static_assert(offsetof(UserRegs, fs_base) + REG_RDI == offsetof(UserRegs, rdi));
static_assert(offsetof(UserRegs, fs_base) + REG_RIP == offsetof(UserRegs, rip));
static_assert(offsetof(UserRegs, fs_base) + REG_RFLAGS == offsetof(UserRegs, rflags));

}  // namespace ostd

namespace ostd::target {

// Makes the registers hold c's state and c the live owner. Interrupts off.
void load_fpu(CpuArea& cpu, UserContext::Impl& c);
// Image and regs become right; the registers keep the state and stay live.
void store_live(UserContext::Impl& c);
// The bases of a live context into its regs, unless services have set others. Interrupts off.
void read_bases(UserContext::Impl& c);
// The image was or will be changed: no registers hold it.
void forget_fpu(UserContext::Impl& c);
void reset_fpu_image(u8* image);

}  // namespace ostd::target
