// SPDX-License-Identifier: MPL-2.0
// String: owned bytes, any values, usually text (file names, paths). Up to 22 bytes are kept inside. Moved-from: empty.
// A NUL always follows the last byte, for the few C interfaces inside ostd.
// Appending is O(bytes appended) (amortized: the capacity doubles); a longer String draws one block on the reservation, while the old
// one still exists. clear() gives it back, truncate() keeps it. Traps: an index beyond the end, sizes that no memory has.
#pragma once
#include <base/annotations.h>
#include <base/raw_memory.h>
#include <base/trap.h>
#include <base/types.h>
#include <compare>
#include <span>
#include <string_view>

namespace ostd {

class OSTD_OWNED String {
 public:
  static constexpr usize kInline = 22;

  String() { set_small(0); }
  explicit String(std::string_view s) { set_small(0); append(s); }
  explicit String(std::span<const u8> bytes) { set_small(0); append(bytes); }
  String(const String& o) { set_small(0); append(o.view()); }
  String(String&& o) noexcept { steal(o); }
  String& operator=(const String& o) {
    if (this != &o) { String copy(o); *this = std::move(copy); }
    return *this;
  }
  String& operator=(String&& o) noexcept {
    if (this != &o) { release(); steal(o); }
    return *this;
  }
  ~String() { release(); }
  String copy() const { return *this; }

  usize size() const { return large() ? load(kSizeAt) : raw_[kTag]; }
  bool empty() const { return size() == 0; }
  std::string_view view() const OSTD_LIFETIMEBOUND { return {data(), size()}; }
  std::span<const u8> bytes() const OSTD_LIFETIMEBOUND {
    return {reinterpret_cast<const u8*>(data()), size()};  // SAFETY: bytes of chars
  }
  OSTD_UNSAFE const char* c_str() const OSTD_LIFETIMEBOUND { return data(); }  // Requires: no NUL inside matters to the user.
  char operator[](usize i) const { OSTD_CHECK(i < size() && "String index"); return data()[i]; }
  // A copy of at most n bytes from `at` (at <= size()).
  String substr(usize at, usize n = SIZE_MAX) const {
    OSTD_CHECK(at <= size() && "String index");
    return String(view().substr(at, n));
  }

  // s may be a part of this String.
  void append(std::string_view s) {
    const usize n = size();
    if (s.size() > capacity() - n) return append_growing(s);
    // What s may name of this String ends where the copy begins.
    if (!s.empty()) __builtin_memcpy(data() + n, s.data(), s.size());
    set_size(n + s.size());
  }
  void append(char c) { append(std::string_view(&c, 1)); }
  void append(std::span<const u8> bytes) {
    append(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));  // SAFETY: bytes as chars
  }
  void append(const String& s) { append(s.view()); }
  void append(const char* s) { append(std::string_view(s)); }
  void truncate(usize n) { if (n < size()) set_size(n); }
  void clear() { release(); set_small(0); }

  friend bool operator==(const String& a, const String& b) { return a.view() == b.view(); }
  friend bool operator==(const String& a, std::string_view b) { return a.view() == b; }
  friend std::strong_ordering operator<=>(const String& a, const String& b) { return a.view() <=> b.view(); }
  friend std::strong_ordering operator<=>(const String& a, std::string_view b) { return a.view() <=> b; }

 private:
  // Small: 23 bytes of text with its NUL, then the size. Large: pointer, size, capacity with the top bit of the last byte set.
  static constexpr usize kPointerAt = 0, kSizeAt = 8, kCapacityAt = 16, kTag = 23;
  static constexpr u64 kLargeBit = 1ULL << 63;
  bool large() const { return (raw_[kTag] & 0x80) != 0; }
  u64 load(usize at) const { u64 v = 0; __builtin_memcpy(&v, raw_ + at, 8); return v; }
  void store(usize at, u64 v) { __builtin_memcpy(raw_ + at, &v, 8); }
  usize capacity() const { return large() ? load(kCapacityAt) & ~kLargeBit : kInline; }
  // SAFETY: the pointer was stored by append(); raw_ is char storage.
  char* data() { return reinterpret_cast<char*>(large() ? load(kPointerAt) : reinterpret_cast<u64>(raw_)); }
  const char* data() const { return const_cast<String*>(this)->data(); }  // SAFETY: only read through the result
  void set_small(usize n) { raw_[kTag] = static_cast<u8>(n); raw_[n] = 0; }
  void set_size(usize n) {
    if (!large()) return set_small(n);
    store(kSizeAt, n);
    data()[n] = '\0';
  }
  // Out of line, so that the case above is short.
  [[gnu::noinline]] void append_growing(std::string_view s) {
    const usize n = size(), room = capacity();
    OSTD_CHECK(s.size() < SIZE_MAX / 4 - n && "String size");
    const usize cap = n + s.size() > room * 2 ? n + s.size() : room * 2;
    char* fresh = detail::raw_allocate<char>(cap + 1);
    __builtin_memcpy(fresh, data(), n);
    __builtin_memcpy(fresh + n, s.data(), s.size());
    release();
    // SAFETY: data() turns the number back; release() frees it.
    store(kPointerAt, reinterpret_cast<u64>(fresh));
    store(kCapacityAt, cap | kLargeBit);
    set_size(n + s.size());
  }
  void release() { if (large()) detail::raw_free(data()); }
  void steal(String& o) { __builtin_memcpy(raw_, o.raw_, sizeof raw_); o.set_small(0); }
  alignas(8) u8 raw_[24];
};

}  // namespace ostd
