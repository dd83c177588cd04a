// SPDX-License-Identifier: MPL-2.0
// Finds the tables: RSDP, then XSDT or RSDT, then each table by its header. [acpi 6.5 5.2.5-5.2.8]
#include <acpi/acpi.h>
#include <boot/start_info.h>
#include <cpu/features.h>
#include <mem/paging.h>

namespace ostd::target {

constinit AcpiInfo acpi{};

namespace {
constexpr usize kLargest = 4 << 20;  // no sane table is larger

Bytes map_bytes(u64 physical, usize size) {
  if (physical == 0 || size == 0 || size > kLargest || physical >= (1ULL << features.physical_bits) - kLargest) return {};
  // SAFETY: a read-only mapping of its own; firmware memory is not used for anything else.
  return Bytes({map_device(physical, size, Rights::read), size});
}

// A whole table with a right checksum and, unless 0, this signature.
Bytes table_at(u64 physical, u32 signature) {
  const Bytes header = map_bytes(physical, 36);
  if (header.empty() || (signature != 0 && header.at<u32>(0) != signature)) return {};
  const u32 length = header.at<u32>(4);
  if (length < 36 || length > kLargest) return {};
  const Bytes whole = map_bytes(physical, length);
  return whole.sum() == 0 ? whole : Bytes{};
}

constexpr u32 tag(const char (&s)[5]) {
  return static_cast<u32>(s[0]) | static_cast<u32>(s[1]) << 8 | static_cast<u32>(s[2]) << 16 | static_cast<u32>(s[3]) << 24;
}

bool rsdp_ok(Bytes r) { return r.at<u64>(0) == 0x2052545020445352 && r.part(0, 20).sum() == 0; }  // "RSD PTR "

Bytes find_rsdp() {
  if (start_info.rsdp != 0) {
    const Bytes r = map_bytes(start_info.rsdp, 36);
    if (rsdp_ok(r)) return r;
  }
  const Bytes bios = map_bytes(0xe0000, 0x20000);
  for (usize at = 0; at < bios.size(); at += 16)
    if (rsdp_ok(bios.part(at, 36))) return bios.part(at, 36);
  return {};
}

void parse_mcfg(Bytes t) {
  for (usize at = 44; at + 16 <= t.size() && acpi.pci_count < 8; at += 16) {
    const PciSegment s{t.at<u64>(at), t.at<u16>(at + 8), t.at<u8>(at + 10), t.at<u8>(at + 11)};
    if (s.address != 0 && (s.address & 0xfffff) == 0 && s.first_bus <= s.last_bus) acpi.pci[acpi.pci_count++] = s;
  }
}

void take_table(u64 physical) {
  const Bytes t = table_at(physical, 0);
  switch (t.at<u32>(0)) {
    case tag("APIC"): parse_madt(t, acpi); break;
    case tag("FACP"):
      parse_fadt(t, acpi);
      acpi.dsdt = table_at(dsdt_of(t), tag("DSDT")).part(36);
      acpi.sleep_known = find_s5(acpi.dsdt, acpi.sleep_type_a, acpi.sleep_type_b);
      break;
    case tag("HPET"):
      if (t.at<u8>(40) == 0) acpi.hpet = t.at<u64>(44);
      break;
    case tag("MCFG"): parse_mcfg(t); break;
    default: break;
  }
}
}  // namespace

void read_acpi() {
  for (u32 i = 0; i < 16; ++i) acpi.isa[i] = {i, false, false};
  const Bytes rsdp = find_rsdp();
  if (rsdp.empty()) return;
  Bytes root;
  usize width = 8;
  if (rsdp.at<u8>(15) >= 2 && rsdp.sum() == 0) root = table_at(rsdp.at<u64>(24), tag("XSDT"));
  if (root.empty()) {
    root = table_at(rsdp.at<u32>(16), tag("RSDT"));
    width = 4;
  }
  if (root.empty()) return;
  acpi.found = true;
  for (usize at = 36; at + width <= root.size() && at < 36 + 256 * width; at += width)
    take_table(width == 8 ? root.at<u64>(at) : root.at<u32>(at));
}

}  // namespace ostd::target
