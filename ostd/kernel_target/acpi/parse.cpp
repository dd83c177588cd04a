// SPDX-License-Identifier: MPL-2.0
// Decoders of single ACPI tables: pure functions of bytes.
#include <acpi/acpi.h>

namespace ostd::target {

namespace {
RegisterAddress register_at(Bytes t, usize offset) {
  if (t.size() < offset + 12) return {};
  RegisterAddress r;
  const u8 space = t.at<u8>(offset);
  if (space > 1) return {};
  r.space = static_cast<RegisterAddress::Space>(space);
  r.bits = t.at<u8>(offset + 1);
  r.address = t.at<u64>(offset + 4);
  if (r.space == RegisterAddress::Space::port && r.address > 0xffff) return {};
  return r;
}
void add_cpu(AcpiInfo& to, u32 apic_id) {
  if (to.cpus == kMaxCpus) return;
  for (u32 i = 0; i < to.cpus; ++i)
    if (to.apic_ids[i] == apic_id) return;
  to.apic_ids[to.cpus++] = apic_id;
}
}  // namespace

// [acpi 6.5 5.2.12]
void parse_madt(Bytes t, AcpiInfo& to) {
  to.local_apic = t.at<u32>(36);
  for (u32 i = 0; i < 16; ++i) to.isa[i] = {i, false, false};
  for (usize at = 44; at + 2 <= t.size();) {
    const u8 type = t.at<u8>(at), length = t.at<u8>(at + 1);
    if (length < 2 || at + length > t.size()) break;
    const Bytes e = t.part(at, length);
    at += length;
    switch (type) {
      case 0:  // local APIC
        if (length >= 8 && (e.at<u32>(4) & 1)) add_cpu(to, e.at<u8>(3));
        break;
      case 1:  // I/O APIC
        if (length >= 12 && to.io_apic_count < 8) to.io_apics[to.io_apic_count++] = {e.at<u32>(4), e.at<u32>(8)};
        break;
      case 2: {  // interrupt source override
        const u8 isa = e.at<u8>(3);
        const u16 flags = e.at<u16>(8);
        if (length >= 10 && isa < 16) to.isa[isa] = {e.at<u32>(4), (flags >> 2 & 3) == 3, (flags & 3) == 3};
        break;
      }
      case 5:  // local APIC address override
        if (length >= 12) to.local_apic = e.at<u64>(4);
        break;
      case 9:  // local x2APIC
        if (length >= 16 && (e.at<u32>(8) & 1)) add_cpu(to, e.at<u32>(4));
        break;
      default: break;
    }
  }
}

// [acpi 6.5 5.2.9]
void parse_fadt(Bytes t, AcpiInfo& to) {
  const u32 flags = t.at<u32>(112);
  const bool reduced = (flags >> 20 & 1) != 0;
  if (!reduced) {
    const auto port = [&](usize offset) { const u32 p = t.at<u32>(offset); return p <= 0xffff ? p : 0; };
    to.smi_command = port(48);
    to.acpi_enable = t.at<u8>(52);
    to.pm1a_control = port(64);
    to.pm1b_control = port(68);
    to.pm_timer_port = t.at<u8>(91) == 4 ? port(76) : 0;
    to.pm_timer_32 = (flags >> 8 & 1) != 0;
  }
  if (flags >> 10 & 1) {
    to.reset = register_at(t, 116);
    to.reset_value = t.at<u8>(128);
  }
  if (reduced) to.sleep_control = register_at(t, 244);
}

u64 dsdt_of(Bytes t) {
  const u64 wide = t.at<u64>(140);
  return wide != 0 ? wide : t.at<u32>(40);
}

// [acpi 6.5 20.2.5] 08 "_S5_" 12 PkgLength NumElements then integers.
bool find_s5(Bytes aml, u8& a, u8& b) {
  for (usize i = 0; i + 12 < aml.size(); ++i) {
    if (aml.at<u8>(i) != 0x08) continue;
    usize at = i + 1;
    if (aml.at<u8>(at) == 0x5c) ++at;  // root prefix
    if (aml.at<u32>(at) != 0x5f35535f) continue;
    at += 4;
    if (aml.at<u8>(at++) != 0x12) continue;
    at += 1 + (aml.at<u8>(at) >> 6);  // PkgLength: the top two bits say how many bytes follow
    const u8 elements = aml.at<u8>(at++);
    u8 values[2] = {0, 0};
    for (usize k = 0; k < 2 && k < elements; ++k) {
      const u8 op = aml.at<u8>(at++);
      if (op == 0x0a) values[k] = aml.at<u8>(at++);
      else if (op == 0x0b) values[k] = aml.at<u8>(at), at += 2;
      else if (op == 0x0c) values[k] = aml.at<u8>(at), at += 4;
      else if (op <= 1) values[k] = op;
      else return false;
    }
    a = values[0] & 7;
    b = values[1] & 7;
    return elements >= 1;
  }
  return false;
}

}  // namespace ostd::target
