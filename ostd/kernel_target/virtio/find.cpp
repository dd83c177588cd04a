// SPDX-License-Identifier: MPL-2.0
#include <acpi/acpi.h>
#include <ostd/log.h>
#include <virtio/find.h>
#include <virtio/mmio.h>
#include <virtio/pci.h>

namespace ostd::target {

Opt<Own<Transport>> find_virtio(u32 type, std::string_view command_line) {
  MmioPlace places[64];
  usize n = mmio_places_in_words(command_line, places);
  // Interrupts of the bus (0-15) are numbered as the bus does it.
  for (usize i = 0; i < n; ++i)
    if (places[i].line < 16) places[i].line = acpi.isa[places[i].line].line;
  n += mmio_places_in_aml(acpi.dsdt, std::span(places).subspan(n));
  for (const MmioPlace& p : std::span(places).first(n)) {
    bool legacy = false;
    if (Opt<Own<Transport>> t = MmioTransport::open(p, type, legacy)) return t;
    if (legacy) log::error<"virtio">("the device at {:#x} is a legacy one (QEMU: -global virtio-mmio.force-legacy=false)", p.address);
  }
  Opt<Own<Transport>> found;
  pci_find([&](PciAddress at) {
    Result<Own<Transport>> t = PciTransport::open(at, type);
    if (t.ok()) found = std::move(t).value();
    else if (t.error() == Errc::not_supported)
      log::error<"virtio">("the device at {}.{}.{} cannot be used: it is a legacy one, has no MSI-X, or no memory", at.bus, at.device,
                           at.function);
    return found.has_value();
  });
  return found;
}

}  // namespace ostd::target
