// SPDX-License-Identifier: MPL-2.0
// Descriptor tables of one CPU: GDT, TSS with its IST stacks, and the shared IDT.
#pragma once
#include <cpu/cpu_area.h>

namespace ostd::target {

// IST slots; all other traps run on the current or the task's kernel stack.
inline constexpr u8 kIstDoubleFault = 1, kIstNmi = 2, kIstMachineCheck = 3;

// Loads GDT and IDT on the calling CPU, whose GS base is area's EntryArea afterwards. Interrupts stay off.
void load_tables(CpuArea& area);
// Tells a CPU's TSS the top of one IST stack: a stack of IST_STACK_SIZE bytes, aligned to its size; its last word becomes the
// EntryArea's address, which is how the entry code finds it.
void set_ist(CpuArea& area, u8 slot, u8* stack_low);
// Puts what this file has into user mode's tables, see show_to_users().
void show_tables();

}  // namespace ostd::target
