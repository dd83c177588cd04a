// SPDX-License-Identifier: MPL-2.0
// Traps taken in OS code. OS code has no expected exceptions: user memory is only reached through the direct map.
#include <base/format.h>
#include <base/trap.h>
#include <console/raw.h>
#include <cpu/cpu_area.h>
#include <cpu/instructions.h>
#include <common/target.h>
#include <mem/layout.h>
#include <trap/trap.h>

namespace ostd::target {

namespace {
constexpr std::string_view kNames[] = {"divide error", "debug", "NMI", "breakpoint", "overflow", "bound range", "invalid opcode",
    "device not available", "double fault", "coprocessor segment", "invalid TSS", "segment not present", "stack segment",
    "general protection", "page fault", "reserved", "x87 error", "alignment check", "machine check", "SIMD error",
    "virtualization", "control protection"};

[[noreturn]] void die(const TrapFrame& f) {
  stop_other_cpus();
  const u64 cr2 = read_cr2();
  RawConsole out;
  u64 offset = 0;
  const std::string_view where = symbol_name(f.rip, offset);
  format_to(out, "\nException in OS code on CPU {}: {} (vector {}), error code {:#x}\n", current_cpu_index(),
            f.vector < sizeof kNames / sizeof kNames[0] ? kNames[f.vector] : std::string_view("?"), f.vector, f.error);
  if ((f.vector == 14 || f.vector == 8) && guard_page(cr2)) format_to(out, "The kernel stack has overflowed.\n");
  format_to(out, "rip {:016x} {}+{:#x}  cs {:x}  rflags {:x}  cr2 {:016x}  cr3 {:x}\n", f.rip, where, offset, f.cs, f.rflags, cr2,
            read_cr3());
  format_to(out, "rax {:016x} rbx {:016x} rcx {:016x} rdx {:016x}\n", f.rax, f.rbx, f.rcx, f.rdx);
  format_to(out, "rsi {:016x} rdi {:016x} rbp {:016x} rsp {:016x}\n", f.rsi, f.rdi, f.rbp, f.rsp);
  format_to(out, "r8  {:016x} r9  {:016x} r10 {:016x} r11 {:016x}\n", f.r8, f.r9, f.r10, f.r11);
  format_to(out, "r12 {:016x} r13 {:016x} r14 {:016x} r15 {:016x}\n", f.r12, f.r13, f.r14, f.r15);
  panic("exception in OS code");
}
}  // namespace

extern "C" void trap_from_kernel(TrapFrame* f) {
  if (f->vector >= 32) return handle_interrupt(static_cast<u32>(f->vector));
  die(*f);
}

// NMI, #DF, #MC.
extern "C" void trap_on_ist(TrapFrame* f) {
  if (f->vector == 2) {
    if (stop_requested()) stop_here();
    return;  // nobody asked for it: a button or a chipset; there is nothing to do about it
  }
  die(*f);
}

}  // namespace ostd::target
