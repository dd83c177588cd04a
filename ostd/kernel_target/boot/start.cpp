// SPDX-License-Identifier: MPL-2.0
// The boot CPU's way from the first C++ instruction to common::start: console, processor, memory, tables, clocks, CPUs.
#include <base/trap.h>
#include <boot/start_info.h>
#include <console/raw.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/tables.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/regions.h>
#include <mem/stacks.h>

namespace ostd::target {

extern "C" {
extern CpuArea* const boot_cpu_area;
CpuArea* const boot_cpu_area = &cpu_areas[0];  // read by boot/pvh.S
extern unsigned char memory_use_rep;
}

namespace {
[[noreturn]] void on_final_stack() {
  CpuArea& area = cpu_areas[0];
  set_ist(area, kIstDoubleFault, boot_stack_alloc().low);
  set_ist(area, kIstNmi, boot_stack_alloc().low);
  set_ist(area, kIstMachineCheck, boot_stack_alloc().low);
  load_tables(area);
  common::start(nullptr);
}
}  // namespace

extern "C" [[noreturn]] void kernel_start(u32 info) {
  init_early_console();
  detect_features();
  memory_use_rep = features.erms && !features.tcg;
  load_tables(cpu_areas[0]);
  init_control_registers();
  if (!read_start_info(info)) panic("not started by a PVH boot loader");
  init_regions();
  init_kernel_tables();
  const Stack s = boot_stack_alloc();
  // SAFETY: the new stack is mapped and nobody's; nothing on the old one is used again. The zero ends the frame chain.
  asm volatile("movq %0, %%rsp; xorl %%ebp, %%ebp; pushq %%rbp; jmp *%1" ::"r"(s.low + s.size), "r"(&on_final_stack)
               : "memory");
  __builtin_unreachable();
}

}  // namespace ostd::target
