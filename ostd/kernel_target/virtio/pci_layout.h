// SPDX-License-Identifier: MPL-2.0
// What the configuration space of a virtio PCI device says of where its registers are. A pure function of those bytes.
#pragma once
#include <acpi/bytes.h>
#include <base/opt.h>

namespace ostd::target {

inline constexpr u16 kVirtioVendor = 0x1af4;

// A part of a base address register's memory.
struct BarPart { u8 bar = 0; u32 offset = 0, length = 0; };

struct PciLayout {
  u32 type = 0;               // of the virtio device
  BarPart common, notify;
  BarPart device;             // length 0: it has none
  u32 notify_multiplier = 0;
  u8 msix = 0;                // where its MSI-X capability is
  BarPart msix_table;
};

// Nothing: not a virtio device, a legacy one, or one without MSI-X.
Opt<PciLayout> decode_pci(Bytes config);
// The type alone, also of a legacy device; nothing: not virtio.
Opt<u32> virtio_type(Bytes config);

}  // namespace ostd::target
