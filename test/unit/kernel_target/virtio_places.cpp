// SPDX-License-Identifier: MPL-2.0
// Where virtio devices are: command-line words, AML bytes, PCI capabilities; and which console is chosen.
#include <console/choice.h>
#include <unit.h>
#include <vector>
#include <virtio/mmio_places.h>
#include <virtio/pci_layout.h>

using namespace ostd;
using namespace ostd::target;

namespace {
Bytes view(const std::vector<u8>& v) { return Bytes(std::span<const u8>(v)); }
std::string words(std::string_view line) {
  MmioPlace p[3];
  std::string text;
  const usize n = mmio_places_in_words(line, p);
  for (usize i = 0; i < n; ++i) text += std::to_string(p[i].size) + "@" + std::to_string(p[i].address) + ":" + std::to_string(p[i].line) + " ";
  return text;
}

// A device as QEMU's microvm describes it: Device (VR05) { Name (_HID, "LNRO0005") Name (_UID, 5) Name (_CCA, One) Name (_CRS, ...) }.
std::vector<u8> aml_device(u32 address, u32 size, u32 line) {
  std::vector<u8> v{0x5b, 0x82, 0x40, 0x04, 'V', 'R', '0', '5', 0x08, '_', 'H', 'I', 'D', 0x0d, 'L', 'N', 'R', 'O', '0', '0', '0', '5', 0,
                    0x08, '_', 'U', 'I', 'D', 0x0a, 5, 0x08, '_', 'C', 'C', 'A', 1, 0x08, '_', 'C', 'R', 'S', 0x11, 0x1a, 0x0a, 0x17, 0x86, 9, 0, 1};
  const auto put = [&](u32 x) { for (u32 i = 0; i < 32; i += 8) v.push_back(static_cast<u8>(x >> i)); };
  put(address);
  put(size);
  v.insert(v.end(), {0x89, 6, 0, 1, 1});
  put(line);
  v.insert(v.end(), {0x79, 0});
  return v;
}

struct Config {
  std::vector<u8> v = std::vector<u8>(256);
  template <class T> Config& set(usize at, T x) {
    __builtin_memcpy(v.data() + at, &x, sizeof x);
    return *this;
  }
  Config& capability(u8 at, u8 next, u8 kind, u8 bar, u32 offset, u32 length) {
    return set<u8>(at, 9).set<u8>(at + 1U, next).set<u8>(at + 2U, 20).set<u8>(at + 3U, kind).set<u8>(at + 4U, bar).set<u32>(at + 8U, offset).set<u32>(at + 12U, length);
  }
};
// As QEMU's virtio-serial-pci on q35.
Config serial_pci() {
  Config c;
  c.set<u16>(0, 0x1af4).set<u16>(2, 0x1003).set<u16>(6, 0x10).set<u16>(0x2e, 3).set<u8>(0x34, 0x98);
  c.set<u8>(0x98, 0x11).set<u8>(0x99, 0x84).set<u16>(0x9a, 1).set<u32>(0x9c, 1);
  c.capability(0x84, 0x70, 5, 0, 0, 0);  // access through configuration space: not used
  c.capability(0x70, 0x60, 2, 4, 0x3000, 0x1000).set<u32>(0x80, 4);
  c.capability(0x60, 0x50, 4, 4, 0x2000, 0x1000);
  c.capability(0x50, 0x40, 3, 4, 0x1000, 0x1000);
  c.capability(0x40, 0, 1, 4, 0, 0x1000);
  return c;
}
}  // namespace

TEST_CASE("places of virtio devices are read from the command line as Linux does") {
  CHECK(words("a virtio_mmio.device=512@0xfeb00000:5 virtio_mmio.device=4K@0xd0000000:6:3") == "512@4272947200:5 4096@3489660928:6 ");
  CHECK(words("virtio_mmio.device=0x200@4096:0x10") == "512@4096:16 ");
  for (const std::string_view bad : {"", "512", "512@", "512@0x", "512@4096", "512@4096:", "512@4096:5x", "0@4096:5", "2M@4096:5", "0xfffffffffffffffff@4096:5",
                                     "512@4096:65536", "512@0x1ffffffffffffffff:5", "K@4096:5"})
    CHECK(words("virtio_mmio.device=" + std::string(bad)).empty());
  CHECK(words("init=/x -- virtio_mmio.device=512@4096:5").empty());
  CHECK(words("x=\"a virtio_mmio.device=512@4096:5\"").empty());
  const std::string one = "virtio_mmio.device=1@1:1 ";
  CHECK(words(one + one + one + one) == "1@1:1 1@1:1 1@1:1 ");
}

TEST_CASE("places of virtio devices are found in AML") {
  std::vector<u8> aml(77, 0x5b);
  for (const u32 i : {0, 1, 2}) {
    const std::vector<u8> d = aml_device(0xfeb00000 + 0x200 * i, 0x200, 24 + i);
    aml.insert(aml.end(), d.begin(), d.end());
  }
  MmioPlace p[3];
  REQUIRE(mmio_places_in_aml(view(aml), p) == 3);
  CHECK(p[2].address == 0xfeb00400);
  CHECK(p[2].size == 0x200);
  CHECK(p[2].line == 26);
  CHECK(mmio_places_in_aml(view(aml), std::span(p).first(2)) == 2);
  CHECK(mmio_places_in_aml(Bytes(), p) == 0);
  // One without an interrupt does not get that of the next.
  std::vector<u8> odd = aml_device(0x1000, 0x200, 7);
  odd.resize(odd.size() - 11);
  const std::vector<u8> next = aml_device(0x2000, 0x200, 8);
  odd.insert(odd.end(), next.begin(), next.end());
  REQUIRE(mmio_places_in_aml(view(odd), p) == 1);
  CHECK(p[0].address == 0x2000);
}

TEST_CASE("the registers of a virtio PCI device are where its capabilities say") {
  const Opt<PciLayout> l = decode_pci(view(serial_pci().v));
  REQUIRE(l);
  CHECK(l->type == 3);
  CHECK(l->common.bar == 4);
  CHECK(l->notify.offset == 0x3000);
  CHECK(l->notify_multiplier == 4);
  CHECK(l->device.offset == 0x2000);
  CHECK(l->msix == 0x98);
  CHECK(l->msix_table.bar == 1);
  CHECK(l->msix_table.length == 32);
  Config modern = serial_pci();
  modern.set<u16>(2, 0x1043).set<u16>(0x2e, 0x1100);
  CHECK(decode_pci(view(modern.v))->type == 3);
}

TEST_CASE("capabilities that are missing, wrong or endless make no device") {
  CHECK(!virtio_type(view(Config().set<u16>(0, 0x8086).v)));
  CHECK(!decode_pci(view(serial_pci().set<u16>(6, 0).v)));           // no list
  CHECK(!decode_pci(view(serial_pci().set<u8>(0x43, 7).v)));         // no common registers
  CHECK(!decode_pci(view(serial_pci().set<u8>(0x44, 6).v)));         // no such bar
  CHECK(!decode_pci(view(serial_pci().set<u32>(0x4c, 55).v)));       // too short
  CHECK(!decode_pci(view(serial_pci().set<u32>(0x4c, 0x7fffffff).v)));
  CHECK(!decode_pci(view(serial_pci().set<u32>(0x48, 2).v)));        // not aligned
  CHECK(!decode_pci(view(serial_pci().set<u8>(0x98, 5).v)));         // MSI is not MSI-X
  CHECK(!decode_pci(view(serial_pci().set<u32>(0x9c, 7).v)));
  CHECK(!decode_pci(view(serial_pci().set<u8>(0x71, 0x98).v)));      // a circle without common registers
  test::Rng rng(3);
  for (u32 round = 0; round < 20'000; ++round) {
    Config c = serial_pci();
    for (u32 i = rng.below(6); i > 0; --i) c.v[rng.below(256)] = static_cast<u8>(rng.next());
    const Opt<PciLayout> l = decode_pci(view(c.v));
    if (l && (l->common.bar > 5 || l->notify.bar > 5 || l->device.bar > 5 || l->msix_table.bar > 5 || l->common.length < 56 || l->notify.length > 1 << 20)) FAIL(round);
  }
}

TEST_CASE("console= chooses as on Linux") {
  const auto choice = [](std::string_view line) {
    const ConsoleChoice c = console_choice(line);
    return std::string(c.serial ? "serial " : "") + (c.virtio ? "virtio" : "");
  };
  CHECK(choice("") == "serial ");
  CHECK(choice("console=ttyS0") == "serial ");
  CHECK(choice("quiet console=hvc0") == "virtio");
  CHECK(choice("console=hvc0 console=ttyS0,115200n8") == "serial virtio");
  CHECK(choice("console=tty0") == "serial ");
  CHECK(choice("xconsole=hvc0 console=hvc00 console=hvc") == "serial ");
  CHECK(choice("init=/x -- console=hvc0") == "serial ");
}
