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

// The memory that base address registers claim; size 0: a port, unused, or without an address. Boot CPU, before the others run: the
// device does not answer for a moment, and QEMU's emulated CPUs do not always survive a change of what is where that another one makes.
struct PciBar { u64 address = 0, size = 0; };
struct PciBars { PciBar bars[6]; };
PciBars pci_bars(PciAddress at);
// Command register: the device may read and write our memory, and sends no interrupts by line.
void pci_enable(PciAddress at);

}  // namespace ostd::target
