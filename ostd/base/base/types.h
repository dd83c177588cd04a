// SPDX-License-Identifier: MPL-2.0
// Fixed-size integers and the strong types of the interface. Pure values, no target.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>

namespace ostd {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using usize = std::size_t;
using byte = std::uint8_t;

inline constexpr u64 kPageShift = 12;
inline constexpr u64 kPageSize = 1ULL << kPageShift;
inline constexpr u64 kPageMask = kPageSize - 1;
inline constexpr u64 page_down(u64 v) { return v & ~kPageMask; }
// Wraps to 0 for the last partial page of the address range; callers check sizes first.
inline constexpr u64 page_up(u64 v) {
  u64 r = 0;
  (void)__builtin_add_overflow(v, kPageMask, &r);
  return r & ~kPageMask;
}

// An integer with a meaning of its own; no arithmetic across meanings.
template <class Tag>
struct Strong {
  u64 value = 0;
  constexpr Strong() = default;
  constexpr explicit Strong(u64 v) : value(v) {}
  constexpr auto operator<=>(const Strong&) const = default;
  constexpr Strong operator+(u64 n) const { return Strong(value + n); }
  constexpr Strong operator-(u64 n) const { return Strong(value - n); }
  constexpr u64 operator-(Strong o) const { return value - o.value; }
  constexpr Strong& operator+=(u64 n) { value += n; return *this; }
  constexpr Strong page_down() const { return Strong(ostd::page_down(value)); }
  constexpr Strong page_up() const { return Strong(ostd::page_up(value)); }
  constexpr u64 page_offset() const { return value & kPageMask; }
};
using PhysAddr = Strong<struct PhysAddrTag>;
// An address in a user address space; never dereferenced, only given to address spaces and user readers/writers.
using VirtAddr = Strong<struct VirtAddrTag>;

// Half-open range of user addresses.
struct VirtRange {
  VirtAddr begin{};
  VirtAddr end{};
  constexpr bool operator==(const VirtRange&) const = default;
  constexpr u64 size() const { return end.value - begin.value; }
  constexpr bool empty() const { return begin >= end; }
  constexpr bool contains(VirtAddr a) const { return begin <= a && a < end; }
  constexpr bool overlaps(VirtRange o) const { return begin < o.end && o.begin < end; }
};

// Signed span of time in nanoseconds; saturates instead of wrapping.
struct Duration {
  i64 ns = 0;
  static constexpr i64 kMax = INT64_MAX;
  static constexpr Duration nanos(i64 n) { return {n}; }
  static constexpr Duration micros(i64 n) { return {mul(n, 1'000)}; }
  static constexpr Duration millis(i64 n) { return {mul(n, 1'000'000)}; }
  static constexpr Duration seconds(i64 n) { return {mul(n, 1'000'000'000)}; }
  static constexpr Duration max() { return {kMax}; }
  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration o) const { return {add(ns, o.ns)}; }
  constexpr Duration operator-(Duration o) const { return {o.ns == INT64_MIN ? kMax : add(ns, -o.ns)}; }
  static constexpr i64 add(i64 a, i64 b) {
    i64 r = 0;
    return __builtin_add_overflow(a, b, &r) ? (a < 0 ? INT64_MIN : kMax) : r;
  }
  static constexpr i64 mul(i64 a, i64 b) {
    i64 r = 0;
    return __builtin_mul_overflow(a, b, &r) ? ((a < 0) != (b < 0) ? INT64_MIN : kMax) : r;
  }
};

// A point on the monotonic clock, nanoseconds since boot.
struct Instant {
  u64 ns = 0;
  static constexpr Instant never() { return {UINT64_MAX}; }
  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration d) const {
    if (d.ns >= 0) return ns > UINT64_MAX - static_cast<u64>(d.ns) ? never() : Instant{ns + static_cast<u64>(d.ns)};
    const u64 m = ~static_cast<u64>(d.ns) + 1;  // d.ns is negative: cannot wrap
    return {ns < m ? 0 : ns - m};
  }
  constexpr Duration operator-(Instant o) const {
    return ns >= o.ns ? Duration{ns - o.ns > INT64_MAX ? Duration::kMax : static_cast<i64>(ns - o.ns)}
                      : Duration{o.ns - ns > INT64_MAX ? INT64_MIN : -static_cast<i64>(o.ns - ns)};
  }
};

enum class CpuId : u32 {};

}  // namespace ostd
