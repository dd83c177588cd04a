// SPDX-License-Identifier: MPL-2.0
// PCI configuration space of segment 0: by the memory that ACPI's MCFG table names, else by ports. Only 32-bit accesses.
#pragma once
#include <base/fn.h>
#include <base/opt.h>
#include <base/types.h>
#include <span>

namespace ostd::target {

struct PciAddress { u8 bus = 0, device = 0, function = 0; };

u32 pci_read(PciAddress at, u8 offset);  // offset: a multiple of 4; all ones where nobody is
void pci_write(PciAddress at, u8 offset, u32 v);

// Calls f for every function on bus 0 and behind bridges whose bus numbers the firmware has set, until it returns true.
void pci_find(FnRef<bool(PciAddress)> f);

// The memory that base address register `index` (0-5) claims; nothing: a port, unused, or without an address. The device must be at
// rest: it does not answer for a moment.
struct PciBar { u64 address = 0, size = 0; };
Opt<PciBar> pci_bar(PciAddress at, u32 index);
// Command register: lets the device answer at its memory and read and write ours; no interrupts by line.
void pci_enable(PciAddress at);

}  // namespace ostd::target
