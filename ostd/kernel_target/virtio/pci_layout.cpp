// SPDX-License-Identifier: MPL-2.0
#include <virtio/pci_layout.h>

namespace ostd::target {

// [virtio1.2 4.1.2] 0x1040 and up: the type and 0x1040; 0x1000 to 0x103f: transitional, the type is the subsystem ID.
Opt<u32> virtio_type(Bytes c) {
  const u16 vendor = c.at<u16>(0), device = c.at<u16>(2);
  if (vendor != kVirtioVendor || device < 0x1000 || device > 0x107f) return {};
  return Opt<u32>(device >= 0x1040 ? device - 0x1040U : c.at<u16>(0x2e));
}

// [pci3 6.7] A list of capabilities: ID, next. [virtio1.2 4.1.4] ID 9: length, kind, bar, id, offset, length, multiplier.
// [pci3 6.8.2] ID 0x11: control, table, pending bits.
Opt<PciLayout> decode_pci(Bytes c) {
  const Opt<u32> type = virtio_type(c);
  if (!type || !(c.at<u16>(6) & 1 << 4)) return {};
  PciLayout l;
  l.type = *type;
  u8 at = c.at<u8>(0x34) & 0xfc;
  for (u32 steps = 0; at >= 0x40 && steps < 48; ++steps, at = c.at<u8>(at + 1U) & 0xfc) {
    const u8 id = c.at<u8>(at);
    if (id == 0x11 && l.msix == 0) {
      const u32 table = c.at<u32>(at + 4U);
      l.msix = at;
      l.msix_table = {static_cast<u8>(table & 7), table & ~7U, ((c.at<u16>(at + 2U) & 0x7ffU) + 1) * 16};
    } else if (id == 9) {
      const BarPart part{c.at<u8>(at + 4U), c.at<u32>(at + 8U), c.at<u32>(at + 12U)};
      if (part.bar > 5 || part.length > 1 << 20 || part.offset % 4 != 0) continue;  // reserved, or nothing that we map
      // Of several of a kind the first is the device's favourite.
      switch (c.at<u8>(at + 3U)) {
        case 1:
          if (l.common.length == 0 && part.length >= 56) l.common = part;
          break;
        case 2:
          if (l.notify.length == 0) {
            l.notify = part;
            l.notify_multiplier = c.at<u32>(at + 16U);
          }
          break;
        case 4:
          if (l.device.length == 0) l.device = part;
          break;
        default: break;
      }
    }
  }
  if (l.common.length == 0 || l.notify.length == 0 || l.msix == 0 || l.msix_table.bar > 5) return {};
  return Opt<PciLayout>(l);
}

}  // namespace ostd::target
