// SPDX-License-Identifier: MPL-2.0
#include <acpi/acpi.h>
#include <ostd/log.h>
#include <virtio/find.h>
#include <virtio/mmio.h>
#include <virtio/pci.h>

namespace ostd::target {

void survey_virtio() { survey_virtio_pci(); }

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
  for (const PciFunction& f : virtio_pci_functions()) {
    if (f.type != type) continue;
    Result<Own<Transport>> t = PciTransport::open(f);
    if (t.ok()) return Opt<Own<Transport>>(std::move(t).value());
    log::error<"virtio">("the device at {}.{}.{} cannot be used: it is a legacy one, has no MSI-X, or no memory", f.at.bus, f.at.device,
                         f.at.function);
  }
  return {};
}

}  // namespace ostd::target
