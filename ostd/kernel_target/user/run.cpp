// SPDX-License-Identifier: MPL-2.0
// user::run: into user mode and back.
#include <common/address_space_core.h>
#include <common/percpu.h>
#include <common/target.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <mem/layout.h>
#include <mem/tlb.h>
#include <time/clock.h>
#include <trap/trap.h>
#include <user/context.h>

namespace ostd::target {

extern "C" u64 enter_user(u64* regs_top, u32 how);

namespace {
// CF PF AF ZF SF TF DF OF RF AC ID; IF and the fixed bit are always set. No IOPL, NT, VM.
constexpr u64 kUserFlags = 0x250dd5, kFixedFlags = 0x202, kTrap = 0x100, kResume = 0x10000;

constexpr bool canonical(u64 a) { return static_cast<u64>(static_cast<i64>(a << 16) >> 16) == a; }

// SAFETY: values are canonical (checked by the callers); interrupts are off while GS is the user's.
void write_bases(u64 fs, u64 gs) {
  if (features.fsgsbase) {
    asm volatile("wrfsbase %0" ::"r"(fs));
    asm volatile("swapgs; wrgsbase %0; swapgs" ::"r"(gs));
  } else {
    wrmsr(kMsrFsBase, fs);
    wrmsr(kMsrKernelGsBase, gs);
  }
}
// Another context's data segment selectors do not stay. Loading one may clear its base, so this comes before write_bases.
void reset_selectors(CpuArea& cpu) {
  u16 ds, es, fs, gs;
  // SAFETY: null selectors are always allowed; the kernel's GS base is put back at once, interrupts are off.
  asm volatile("movw %%ds, %0; movw %%es, %1; movw %%fs, %2; movw %%gs, %3" : "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
  if (ds | es) asm volatile("movl %0, %%ds; movl %0, %%es" ::"r"(0));
  if (fs) asm volatile("movl %0, %%fs" ::"r"(0));
  if (gs) {
    asm volatile("movl %0, %%gs" ::"r"(0));
    wrmsr(kMsrGsBase, address_of(cpu.entry));
  }
}

// The state of the running context is not in the processor: another one ran here, or services changed the bases.
[[gnu::noinline]] bool load_slow(CpuArea& cpu, UserContext::Impl& c) {
  const bool live = fpu_live() && cpu.fpu_owner == &c;
  if (live) read_bases(c);  // the one that services did not change may be new
  if (!canonical(c.regs.fs_base) || !canonical(c.regs.gs_base)) return false;
  if (!live) {
    load_fpu(cpu, c);
    reset_selectors(cpu);
    if (mitigations.limits != 0) limit_guesses(cpu, c.spec_control);
  }
  write_bases(c.regs.fs_base, c.regs.gs_base);
  c.seen_fs = c.regs.fs_base;
  c.seen_gs = c.regs.gs_base;
  return true;
}

UserEvent general_protection(UserContext::Impl& c) {
  irq_enable();
  c.fault = {Exception::general_protection, 0, VirtAddr{0}};
  return UserEvent::exception;
}
}  // namespace

void read_bases(UserContext::Impl& c) {
  if (!features.fsgsbase) return;  // user code cannot write them
  u64 fs, gs;
  // SAFETY: reads only; interrupts are off while GS is the user's.
  asm volatile("rdfsbase %0" : "=r"(fs));
  asm volatile("swapgs; rdgsbase %0; swapgs" : "=r"(gs));
  if (c.regs.fs_base == c.seen_fs) c.regs.fs_base = c.seen_fs = fs;
  if (c.regs.gs_base == c.seen_gs) c.regs.gs_base = c.seen_gs = gs;
}
}  // namespace ostd::target

ostd::UserEvent ostd::user::run(UserContext& context, const AddressSpace& as) {
  using namespace target;
  UserContext::Impl& c = context.impl();
  UserRegs& r = c.regs;
  AddressSpaceData& space = common::target_part(as.core());
  for (;;) {
    irq_disable();
    common::PerCpu& pc = *this_cpu();
    if ((pc.pending.load(Order::relaxed) | pc.current->attention.load(Order::relaxed) | pc.preempt_count) != 0) [[unlikely]] {
      irq_enable();
      if (common::before_user()) return UserEvent::interrupted;
      continue;
    }
    CpuArea& cpu = this_area();
    activate(cpu, space);
    if (!fpu_live() || cpu.fpu_owner != &c || c.seen_fs != r.fs_base || c.seen_gs != r.gs_base) [[unlikely]]
      if (!load_slow(cpu, c)) return general_protection(c);
    r.rflags = (r.rflags & kUserFlags) | kFixedFlags;
    // sysret loads rip and flags through rcx and r11, so these must agree; its rip must be canonical (the fault would come in
    // ring 0), and single-stepping is only exact by iretq.
    const bool fast = r.rcx == r.rip && r.r11 == r.rflags && r.rip < kUserCanonicalEnd && !(r.rflags & (kTrap | kResume));
    if (!fast && !canonical(r.rip)) [[unlikely]] return general_protection(c);
    common::account_before_user(pc, now_ns());
    const u64 event = enter_user(&r.fs_base, fast ? 0 : 1);
    common::account_after_user(pc, now_ns());
    if (event == EVENT_SYSCALL) [[likely]] {
      irq_enable();
      return UserEvent::syscall;
    }
    if (event >= 32) {
      handle_interrupt(static_cast<u32>(event));
      irq_enable();
      continue;
    }
    const u64 at = event == 14 ? read_cr2() : 0;
    // What is mapped in the kernel half is nobody's business: it is always the rights that were missing, as in Linux.
    c.fault = {static_cast<Exception>(event), cpu.entry->trap_error | (at >= kUserCanonicalEnd ? 1 : 0), VirtAddr{at}};
    irq_enable();
    return UserEvent::exception;
  }
}
