// SPDX-License-Identifier: MPL-2.0
// Integers inside byte buffers: little endian (file systems, virtio) and big endian (network). Offsets are checked.
#pragma once
#include <base/trap.h>
#include <base/types.h>
#include <bit>
#include <concepts>
#include <span>

namespace ostd {

static_assert(std::endian::native == std::endian::little);

template <std::integral T>
constexpr T swap_bytes(T v) {
  if constexpr (sizeof(T) == 1) return v;
  else if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(static_cast<u16>(v)));
  else if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(static_cast<u32>(v)));
  else return static_cast<T>(__builtin_bswap64(static_cast<u64>(v)));
}
// Between the processor's order and the network's.
template <std::integral T>
constexpr T big_endian(T v) { return swap_bytes(v); }

template <std::integral T>
T load_le(std::span<const u8> from, usize offset = 0) {
  OSTD_CHECK(offset <= from.size() && from.size() - offset >= sizeof(T) && "integer inside the buffer");
  T v = 0;
  __builtin_memcpy(&v, from.data() + offset, sizeof v);
  return v;
}
template <std::integral T>
void store_le(std::span<u8> to, usize offset, T v) {
  OSTD_CHECK(offset <= to.size() && to.size() - offset >= sizeof(T) && "integer inside the buffer");
  __builtin_memcpy(to.data() + offset, &v, sizeof v);
}
template <std::integral T>
T load_be(std::span<const u8> from, usize offset = 0) { return swap_bytes(load_le<T>(from, offset)); }
template <std::integral T>
void store_be(std::span<u8> to, usize offset, T v) { store_le(to, offset, swap_bytes(v)); }

}  // namespace ostd
