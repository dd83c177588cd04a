// SPDX-License-Identifier: MPL-2.0
// [pci3 3.2.2.3, 6] Configuration mechanism #1 by ports; [pcie5 7.2.2] memory-mapped: bus << 20 | device << 15 | function << 12.
#include <acpi/acpi.h>
#include <cpu/instructions.h>
#include <mem/device_memory.h>
#include <ostd/target/sync.h>
#include <pci/config.h>

namespace ostd::target {

namespace {
constexpr u16 kAddressPort = 0xcf8, kDataPort = 0xcfc;
constinit RawSpin lock;                      // the ports, and filling `mapped`; interrupts off
constinit Opt<DeviceMemory> mapped[256]{};   // each bus when it is first needed; once set it stays

template <class F>
auto locked(F f) {
  const bool on = irqs_on();
  irq_disable();
  lock.lock();
  auto r = f();
  lock.unlock();
  if (on) irq_enable();
  return r;
}

// The memory that stands for a bus, or null. Under `lock`.
const DeviceMemory* memory_of(u8 bus) {
  for (u32 i = 0; i < acpi.pci_count; ++i) {
    const PciSegment& s = acpi.pci[i];
    if (s.segment != 0 || bus < s.first_bus || bus > s.last_bus) continue;
    if (!mapped[bus]) mapped[bus] = DeviceMemory::map(s.address + (static_cast<u64>(bus) << 20), 1 << 20);
    return mapped[bus] ? &*mapped[bus] : nullptr;
  }
  return nullptr;
}
u32 place_of(PciAddress at, u8 offset) { return static_cast<u32>(at.device) << 15 | static_cast<u32>(at.function) << 12 | (offset & 0xfcU); }
u32 selector_of(PciAddress at, u8 offset) {
  return 1U << 31 | static_cast<u32>(at.bus) << 16 | static_cast<u32>(at.device) << 11 | static_cast<u32>(at.function) << 8 | (offset & 0xfcU);
}

constexpr u8 kCommand = 4, kBars = 0x10;
constexpr u32 kCommandMemory = 1 << 1, kCommandMaster = 1 << 2, kCommandNoInterrupt = 1 << 10;
}  // namespace

u32 pci_read(PciAddress at, u8 offset) {
  return locked([&] {
    if (const DeviceMemory* m = memory_of(at.bus)) return m->read<u32>(place_of(at, offset));
    outl(kAddressPort, selector_of(at, offset));
    return inl(kDataPort);
  });
}
void pci_write(PciAddress at, u8 offset, u32 v) {
  locked([&] {
    if (const DeviceMemory* m = memory_of(at.bus)) {
      m->write<u32>(place_of(at, offset), v);
    } else {
      outl(kAddressPort, selector_of(at, offset));
      outl(kDataPort, v);
    }
    return 0;
  });
}

void pci_find(FnRef<bool(PciAddress)> f) {
  bool wanted[256]{true}, seen[256]{};
  for (bool more = true; more;) {
    more = false;
    for (u32 bus = 0; bus < 256; ++bus) {
      if (!wanted[bus] || seen[bus]) continue;
      seen[bus] = more = true;
      for (u8 device = 0; device < 32; ++device)
        for (u8 function = 0; function < 8; ++function) {
          const PciAddress at{static_cast<u8>(bus), device, function};
          if ((pci_read(at, 0) & 0xffff) == 0xffff) {
            if (function == 0) break;
            continue;
          }
          const u32 header = pci_read(at, 0x0c) >> 16 & 0xff;
          if ((header & 0x7f) == 1) wanted[pci_read(at, 0x18) >> 8 & 0xff] = true;  // a bridge: its secondary bus
          else if (f(at)) return;
          if (function == 0 && !(header & 0x80)) break;
        }
    }
  }
}

PciBars pci_bars(PciAddress at) {
  // The upper half of the command register is status, where zeros change nothing.
  const u32 command = pci_read(at, kCommand) & 0xffff;
  pci_write(at, kCommand, command & ~(kCommandMemory | kCommandMaster));
  PciBars to;
  for (u8 i = 0; i < 6; ++i) {
    const u8 offset = static_cast<u8>(kBars + 4 * i), high_offset = static_cast<u8>(offset + 4);
    const u32 low = pci_read(at, offset);
    if (low & 1) continue;
    const bool wide = (low >> 1 & 3) == 2;
    if (wide && i == 5) break;
    const u32 high = wide ? pci_read(at, high_offset) : 0;
    // [pci3 6.2.5.1] The bits of the address that can be changed tell the size.
    pci_write(at, offset, ~0U);
    if (wide) pci_write(at, high_offset, ~0U);
    const u64 mask = (pci_read(at, offset) & ~15U) | static_cast<u64>(wide ? pci_read(at, high_offset) : ~0U) << 32;
    pci_write(at, offset, low);
    if (wide) pci_write(at, high_offset, high);
    const PciBar bar{(low & ~15U) | static_cast<u64>(high) << 32, mask & -mask};
    if (bar.address != 0 && bar.size != 0 && bar.address % bar.size == 0) to.bars[i] = bar;
    if (wide) ++i;
  }
  pci_write(at, kCommand, command | kCommandMemory);
  return to;
}

void pci_enable(PciAddress at) {
  pci_write(at, kCommand, (pci_read(at, kCommand) & 0xffff) | kCommandMaster | kCommandNoInterrupt);
}

}  // namespace ostd::target
