// SPDX-License-Identifier: MPL-2.0
// boot-smoke.elf: boots, looks around, switches off.
#include <base/trap.h>
#include <boot/start_info.h>
#include <console/raw.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <mem/paging.h>
#include <mem/regions.h>
#include <mem/stacks.h>
#include <trap/trap.h>

using namespace ostd;
using namespace ostd::target;

[[noreturn]] void ostd::common::start(Boot (*)()) {
  raw_print("Albireo boots: {} MiB, command line \"{}\"\n", ram_bytes() >> 20,
            std::string_view(start_info.command_line, start_info.command_line_size));
  for (const MemoryRegion& r : usable_memory()) raw_print("usable {:012x}..{:012x}\n", r.begin, r.end);
  for (const MemoryRegion& r : usable_memory()) {
    *phys_to_virt(r.begin) = 1;
    *phys_to_virt(r.end - 1) = 1;
  }
  power_off(0);
}
void ostd::target::handle_interrupt(u32) {}
void ostd::target::stop_other_cpus() {}
[[noreturn]] void ostd::target::power_off(u8 code) {
  outl(0xf4, code);
  for (;;) asm volatile("hlt");
}
extern "C" char syscall_entry[1], trap_from_user[1];
char syscall_entry[1], trap_from_user[1];
namespace ostd::target { bool stop_requested() { return false; } }
void* operator new(unsigned long) { panic("new"); }
void operator delete(void*) noexcept {}
