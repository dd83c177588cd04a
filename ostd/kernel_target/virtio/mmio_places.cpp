// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <boot/words.h>
#include <virtio/mmio_places.h>

namespace ostd::target {

namespace {
// A number at the start of text, which it is taken from. Nothing: none there, or larger than 64 bits.
Opt<u64> number(std::string_view& text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  const u64 base = hex ? 16 : 10;
  u64 v = 0;
  usize n = 0;
  for (; n < text.size(); ++n) {
    const char c = text[n];
    const u64 digit = c >= '0' && c <= '9' ? static_cast<u64>(c - '0')
                      : c >= 'a' && c <= 'f' ? static_cast<u64>(c - 'a') + 10
                      : c >= 'A' && c <= 'F' ? static_cast<u64>(c - 'A') + 10 : 99;
    if (digit >= base) break;
    if (v > (~0ULL - digit) / base) return {};
    v = v * base + digit;
  }
  text.remove_prefix(n);
  return n != 0 ? Opt<u64>(v) : Opt<u64>();
}
bool drop(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

Opt<MmioPlace> place_of(std::string_view text) {
  const Opt<u64> size = number(text);
  const u32 shift = drop(text, 'K') ? 10 : drop(text, 'M') ? 20 : 0;
  if (!size || *size == 0 || *size > 1 << 20 || *size << shift > 1 << 20 || !drop(text, '@')) return {};
  const Opt<u64> address = number(text);
  if (!address || !drop(text, ':')) return {};
  const Opt<u64> line = number(text);
  // Linux lets a device number follow.
  if (!line || *line > 0xffff || !(text.empty() || text[0] == ':')) return {};
  return Opt<MmioPlace>(MmioPlace{*address, static_cast<u32>(*size << shift), static_cast<u32>(*line)});
}
}  // namespace

usize mmio_places_in_words(std::string_view command_line, std::span<MmioPlace> to) {
  usize n = 0;
  for_words(command_line, [&](std::string_view word) {
    constexpr std::string_view kKey = "virtio_mmio.device=";
    if (n == to.size() || !word.starts_with(kKey)) return;
    if (const Opt<MmioPlace> p = place_of(word.substr(kKey.size()))) to[n++] = *p;
  });
  return n;
}

// [acpi 6.5 20.2.5.1] Name (_HID, "LNRO0005"); further on in the same device Name (_CRS, ResourceTemplate () { ... }), of which
// [acpi 6.5 6.4.3.4] 86 09 00, rights, base, length: Memory32Fixed, and [acpi 6.5 6.4.3.6] 89 06 00, flags, 01, number: Interrupt.
usize mmio_places_in_aml(Bytes aml, std::span<MmioPlace> to) {
  constexpr std::string_view kId = "LNRO0005";
  constexpr usize kReach = 128;  // a device with these two descriptors is shorter
  const auto is_id = [&](usize at) {
    for (usize k = 0; k < kId.size(); ++k)
      if (aml.at<u8>(at + k) != static_cast<u8>(kId[k])) return false;
    return true;
  };
  usize n = 0;
  for (usize i = 0; i + kId.size() < aml.size() && n < to.size(); ++i) {
    if (aml.at<u8>(i) != 'L' || !is_id(i)) continue;
    MmioPlace p;
    bool has_line = false;
    for (usize at = i + kId.size(); at < i + kReach && !(p.size != 0 && has_line) && !is_id(at); ++at) {
      const u32 head = aml.at<u32>(at) & 0xffffff;
      if (head == 0x000986 && p.size == 0) {
        p.address = aml.at<u32>(at + 4);
        p.size = aml.at<u32>(at + 8);
      } else if (head == 0x000689 && aml.at<u8>(at + 4) == 1) {
        p.line = aml.at<u32>(at + 5);
        has_line = true;
      }
    }
    if (p.size != 0 && p.size <= 1 << 20 && p.address != 0 && has_line) to[n++] = p;
  }
  return n;
}

}  // namespace ostd::target
