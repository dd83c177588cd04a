// SPDX-License-Identifier: MPL-2.0
#include <acpi/acpi.h>
#include <unit.h>
#include <vector>

using namespace ostd;
using namespace ostd::target;

namespace {
// A table under construction.
struct Table {
  std::vector<u8> bytes;
  explicit Table(usize header = 0) : bytes(header) {}
  template <class T> Table& put(T v) {
    const u8* p = reinterpret_cast<const u8*>(&v);
    bytes.insert(bytes.end(), p, p + sizeof v);
    return *this;
  }
  template <class T> Table& set(usize at, T v) {
    if (bytes.size() < at + sizeof v) bytes.resize(at + sizeof v);
    __builtin_memcpy(bytes.data() + at, &v, sizeof v);
    return *this;
  }
  operator Bytes() const { return Bytes(std::span<const u8>(bytes)); }
};

Table madt() {
  Table t(44);
  t.set<u32>(36, 0xfee00000);
  for (u8 i = 0; i < 4; ++i) t.put<u8>(0).put<u8>(8).put<u8>(i).put<u8>(i * 2).put<u32>(i != 2);  // the third is off
  t.put<u8>(1).put<u8>(12).put<u8>(0).put<u8>(0).put<u32>(0xfec00000).put<u32>(0);
  t.put<u8>(2).put<u8>(10).put<u8>(0).put<u8>(0).put<u32>(2).put<u16>(0);        // timer on line 2, as the bus does
  t.put<u8>(2).put<u8>(10).put<u8>(0).put<u8>(9).put<u32>(9).put<u16>(0xf);      // level, low
  t.put<u8>(9).put<u8>(16).put<u16>(0).put<u32>(300).put<u32>(1).put<u32>(7);
  t.put<u8>(200).put<u8>(4).put<u16>(0);                                         // unknown: skipped
  t.put<u8>(5).put<u8>(12).put<u16>(0).put<u64>(0xfee01000);
  return t;
}
}  // namespace

TEST_CASE("the MADT gives enabled CPUs, I/O APICs and overrides") {
  AcpiInfo a;
  parse_madt(madt(), a);
  REQUIRE(a.cpus == 4);
  CHECK(a.apic_ids[0] == 0);
  CHECK(a.apic_ids[1] == 2);
  CHECK(a.apic_ids[2] == 6);
  CHECK(a.apic_ids[3] == 300);
  CHECK(a.local_apic == 0xfee01000);
  REQUIRE(a.io_apic_count == 1);
  CHECK(a.io_apics[0].address == 0xfec00000);
  CHECK(a.isa[0].line == 2);
  CHECK(!a.isa[0].level);
  CHECK(a.isa[9].level);
  CHECK(a.isa[9].low);
  CHECK(a.isa[4].line == 4);
}

TEST_CASE("a MADT entry that is too short or too long ends the list") {
  Table t(44);
  t.put<u8>(0).put<u8>(8).put<u16>(0).put<u32>(1);
  t.put<u8>(0).put<u8>(0).put<u16>(0x100).put<u32>(1);  // length 0 would loop for ever
  AcpiInfo a;
  parse_madt(t, a);
  CHECK(a.cpus == 1);
  t = Table(44);
  t.put<u8>(0).put<u8>(9).put<u16>(0).put<u32>(1);
  AcpiInfo b;
  parse_madt(t, b);
  CHECK(b.cpus == 0);
}

TEST_CASE("more CPUs than the OS can use are left out, and no CPU is counted twice") {
  Table t(44);
  for (u32 i = 0; i < 200; ++i) t.put<u8>(9).put<u8>(16).put<u16>(0).put<u32>(i / 2).put<u32>(1).put<u32>(0);
  AcpiInfo a;
  parse_madt(t, a);
  CHECK(a.cpus == kMaxCpus);
  CHECK(a.apic_ids[1] == 1);
}

TEST_CASE("the FADT's ports and registers are taken when they make sense") {
  Table t(268);
  t.set<u32>(40, 0x1234).set<u32>(64, 0x604).set<u32>(76, 0x608).set<u8>(91, 4).set<u32>(112, 1 << 8 | 1 << 10);
  t.set<u8>(116, 1).set<u8>(117, 8).set<u64>(120, 0xcf9).set<u8>(128, 6);
  AcpiInfo a;
  parse_fadt(t, a);
  CHECK(a.pm1a_control == 0x604);
  CHECK(a.pm_timer_port == 0x608);
  CHECK(a.pm_timer_32);
  CHECK(a.reset.present());
  CHECK(a.reset.address == 0xcf9);
  CHECK(a.reset_value == 6);
  CHECK(!a.sleep_control.present());
  CHECK(dsdt_of(t) == 0x1234);
  t.set<u64>(120, 0x10000).set<u32>(64, 0x12345);  // no such ports
  AcpiInfo b;
  parse_fadt(t, b);
  CHECK(!b.reset.present());
  CHECK(b.pm1a_control == 0);
}

TEST_CASE("hardware-reduced machines have a sleep control register and no PM1") {
  Table t(268);
  t.set<u32>(64, 0x604).set<u32>(112, 1 << 20).set<u8>(244, 0).set<u8>(245, 8).set<u64>(248, 0xfea00000);
  AcpiInfo a;
  parse_fadt(t, a);
  CHECK(a.pm1a_control == 0);
  CHECK(a.sleep_control.present());
  CHECK(a.sleep_control.address == 0xfea00000);
}

TEST_CASE("the sleep types of S5 are found in AML") {
  u8 a = 9, b = 9;
  // Name (\_S5, Package (4) { 5, One, Zero, Zero }) behind other bytes
  const std::vector<u8> aml{0x10, 0x20, 0x08, '_', 'S', '5', '_', 0x12, 0x08, 0x04, 0x0a, 0x05, 0x01, 0x00, 0x00, 0x00};
  CHECK(find_s5(Bytes(std::span<const u8>(aml)), a, b));
  CHECK(a == 5);
  CHECK(b == 1);
  CHECK(!find_s5(Bytes(), a, b));
  const std::vector<u8> other{0x08, '_', 'S', '4', '_', 0x12, 0x06, 0x02, 0x0a, 0x05, 0x0a, 0x05, 0, 0, 0, 0, 0};
  CHECK(!find_s5(Bytes(std::span<const u8>(other)), a, b));
}

TEST_CASE("no damaged table makes a decoder leave it") {
  // Under the address sanitizer a read beyond the table would be found: each is in a block of exactly its size.
  test::Rng rng(1);
  const Table good = madt();
  for (u32 round = 0; round < 20000; ++round) {
    std::vector<u8> bytes(good.bytes.begin(), good.bytes.begin() + rng.below(static_cast<u32>(good.bytes.size()) + 1));
    for (u32 i = rng.below(6); i > 0 && !bytes.empty(); --i) bytes[rng.below(static_cast<u32>(bytes.size()))] = static_cast<u8>(rng.next());
    const Bytes b{std::span<const u8>(bytes)};
    AcpiInfo a;
    parse_madt(b, a);
    CHECK(a.cpus <= kMaxCpus);
    CHECK(a.io_apic_count <= 8);
    parse_fadt(b, a);
    u8 x = 0, y = 0;
    (void)find_s5(b, x, y);
    CHECK(x < 8);
  }
}
