// SPDX-License-Identifier: MPL-2.0
// Values as bytes and back, for types whose every byte pattern is a value: what goes to and comes from user programs, disks
// and packets.
#pragma once
#include <base/annotations.h>
#include <base/opt.h>
#include <base/types.h>
#include <span>
#include <string_view>
#include <type_traits>

namespace ostd {

namespace detail {
template <class T> inline constexpr bool kBorrowsBytes = std::is_pointer_v<T> || std::is_member_pointer_v<T>;
template <class T, std::size_t N> inline constexpr bool kBorrowsBytes<std::span<T, N>> = true;
template <> inline constexpr bool kBorrowsBytes<std::string_view> = true;
}  // namespace detail

// Trivially copyable, without padding, and nothing that bytes could forge: a lambda cannot be default-constructed, owners and
// StaticStr are not trivially copyable, views cannot be members (safe profile S6). No bool: most of its byte patterns are not values.
template <class T>
concept PlainData = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T> &&
                    std::is_default_constructible_v<T> && !detail::kBorrowsBytes<T> && !std::is_same_v<T, bool>;

template <PlainData T>
std::span<const u8> as_bytes(const T& v OSTD_LIFETIMEBOUND) {
  return {reinterpret_cast<const u8*>(&v), sizeof v};  // SAFETY: any object may be read as bytes; PlainData has no padding
}
template <PlainData T>
std::span<u8> as_writable_bytes(T& v OSTD_LIFETIMEBOUND) {
  return {reinterpret_cast<u8*>(&v), sizeof v};  // SAFETY: every byte pattern of a PlainData is a value
}
// The value at the front of these bytes; nothing when they are too few.
template <PlainData T>
Opt<T> from_bytes(std::span<const u8> bytes) {
  if (bytes.size() < sizeof(T)) return none;
  T v{};
  __builtin_memcpy(&v, bytes.data(), sizeof v);
  return v;
}
// Text as bytes and back.
inline std::span<const u8> bytes_of(std::string_view s OSTD_LIFETIMEBOUND) {
  return {reinterpret_cast<const u8*>(s.data()), s.size()};  // SAFETY: chars as bytes
}
inline std::string_view text_of(std::span<const u8> b OSTD_LIFETIMEBOUND) {
  return {reinterpret_cast<const char*>(b.data()), b.size()};  // SAFETY: bytes as chars
}

}  // namespace ostd
