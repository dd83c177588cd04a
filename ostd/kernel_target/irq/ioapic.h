// SPDX-License-Identifier: MPL-2.0
// I/O APICs: which vector and CPU each interrupt line goes to. Lines are numbered as ACPI does (global system interrupts).
#pragma once
#include <base/types.h>

namespace ostd::target {

// Masks the legacy PICs and every line of every I/O APIC. Boot CPU.
void init_io_apics();
u32 io_apic_lines();  // one more than the highest line
bool io_apic_has(u32 line);
// Directs a line to a CPU, masked at first. The trigger is the ISA override's, or the bus's habit (ISA: edge, high; others:
// level, low or as the machine says).
void io_apic_route(u32 line, u8 vector, u32 apic_id);
void io_apic_mask(u32 line, bool masked);
// The line of an ISA interrupt (0-15).
u32 isa_line(u32 isa);

}  // namespace ostd::target
