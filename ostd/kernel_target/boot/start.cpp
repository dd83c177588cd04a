// SPDX-License-Identifier: MPL-2.0
// The boot CPU's way from the first C++ instruction to common::start: console, processor, memory, tables, clocks, CPUs.
#include <acpi/acpi.h>
#include <acpi/power.h>
#include <base/trap.h>
#include <boot/start_info.h>
#include <console/raw.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <common/account.h>
#include <cpu/tables.h>
#include <irq/ioapic.h>
#include <irq/lapic.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/regions.h>
#include <mem/stacks.h>
#include <rt/stack_guard.h>
#include <smp/smp.h>
#include <time/clock.h>

namespace ostd::target {

extern "C" {
extern EntryArea* const boot_cpu_area;
EntryArea* const boot_cpu_area = &entry_areas[0];  // read by boot/pvh.S
extern unsigned char memory_use_rep;
}

namespace {
std::string_view command_line_text() { return {start_info.command_line, start_info.command_line_size}; }

// After the heap works.
Boot make_boot() {
  const std::string_view command_line = command_line_text();
  choose_consoles(command_line);
  Opt<Ref<BootBlob>> initramfs;
  // SAFETY: the initramfs's memory is kept from the frame allocator and covered by the direct map.
  if (const PhysRange& r = start_info.initramfs; r.begin != r.end && in_ram(r))
    initramfs = Opt<Ref<BootBlob>>(make_ref<BootBlob>(phys_to_virt(PhysAddr{r.begin}), r.end - r.begin));
  return Boot{.command_line = String(command_line),
              .initramfs = std::move(initramfs),
              .memory_bytes = ram_bytes(),
              .cpus = cpu_count(),
              .machine = "kernel",
              .root_account = common::root_account_ref(),
              .console = make_ref<Console>(),
              .power = make_ref<Power>(),
              .wall_clock = make_ref<WallClock>()};
}

[[noreturn]] void on_final_stack() {
  CpuArea& area = cpu_areas[0];
  set_ist(area, kIstDoubleFault, boot_stack_alloc().low);
  set_ist(area, kIstNmi, boot_stack_alloc().low);
  set_ist(area, kIstMachineCheck, boot_stack_alloc().low);
  load_tables(area);
  read_acpi();
  prepare_power();
  init_lapic();
  init_io_apics();
  survey_consoles(command_line_text());
  wake_cpus();
  init_clock();
  gather_cpus();
  lapic_timer_init_cpu();
  common::start(&make_boot);
}
}  // namespace

// Without a stack protector itself, since it changes what that compares with.
extern "C" [[noreturn, clang::no_stack_protector]] void kernel_start(u32 info) {
  init_early_console();
  detect_features();
  __stack_chk_guard = fresh_stack_guard();
  memory_use_rep = features.erms && !features.tcg;
  load_tables(cpu_areas[0]);
  init_control_registers();
  if (!read_start_info(info)) panic("not started by a PVH boot loader");
  init_speculation(command_line_text());
  init_regions();
  init_kernel_tables();
  show_tables();
  const Stack s = boot_stack_alloc();
  // SAFETY: the new stack is mapped and nobody's; nothing on the old one is used again. The zero ends the frame chain.
  asm volatile("movq %0, %%rsp; xorl %%ebp, %%ebp; pushq %%rbp; jmp *%1" ::"r"(s.low + s.size), "r"(&on_final_stack)
               : "memory");
  __builtin_unreachable();
}

}  // namespace ostd::target
