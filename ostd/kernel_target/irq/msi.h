// SPDX-License-Identifier: MPL-2.0
// Interrupts that a device sends as memory writes (MSI-X). Each gets a line number above those of I/O APICs.
#pragma once
#include <mem/device_memory.h>

namespace ostd::target {

// A new line for entry `index` of a device's MSI-X table, masked. Nothing: too many, the table is too short, or the boot CPU cannot
// be named in a message.
Opt<u32> msi_add(const DeviceMemory& table, u32 index);
bool msi_has(u32 line);
void msi_route(u32 line, u8 vector, u32 apic_id);
void msi_mask(u32 line, bool masked);

}  // namespace ostd::target
