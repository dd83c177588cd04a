// SPDX-License-Identifier: MPL-2.0
// The typed forms of user_io.h: all are copies of bytes. UserData has no padding and no invalid layout of its bytes.
#pragma once
#include <ostd/reservation.h>
#include <ostd/user_io.h>

namespace ostd::user {

// SAFETY (all): T is trivially copyable, so its bytes may be written and read; std::span<u8> is a view of them for one call.
template <UserData T>
Result<T> read(const AddressSpace& as, VirtAddr at) {
  alignas(T) u8 raw[sizeof(T)];
  if (const Status s = read_bytes(as, at, {raw, sizeof raw}); !s.ok()) [[unlikely]] return Err(s.error());
  return __builtin_bit_cast(T, raw);
}

template <UserData T>
Status write(const AddressSpace& as, VirtAddr at, const T& value) {
  // SAFETY: the bytes of an object may be read; UserData has no padding, so all of them were written.
  return write_bytes(as, at, {reinterpret_cast<const u8*>(&value), sizeof value});
}

template <UserData T>
Result<Vec<T>> read_array(const AddressSpace& as, VirtAddr at, usize n) {
  // In pieces, so that a wild n fails at its first bad address and not by what it would have allocated.
  constexpr usize kPiece = sizeof(T) < 256 ? 256 / sizeof(T) : 1;
  Vec<T> values;
  usize paid = 1024 / sizeof(T);  // what the caller's budget covers anyway; more is paid for each time it doubles
  for (usize done = 0; done < n;) {
    alignas(T) u8 raw[kPiece * sizeof(T)];
    const usize now = n - done < kPiece ? n - done : kPiece;
    if (done > (kUserEnd.value / sizeof(T))) return Err(Errc::fault);
    if (const Status s = read_bytes(as, at + done * sizeof(T), {raw, now * sizeof(T)}); !s.ok()) return Err(s.error());
    if (done + now > paid) {
      paid = paid * 2 > done + now ? paid * 2 : done + now;
      if (const Status s = mem::reserve(2 + 2 * (paid * sizeof(T) >> kPageShift)); !s.ok()) return Err(s.error());
    }
    for (usize i = 0; i != now; ++i) {
      alignas(T) u8 one[sizeof(T)];
      __builtin_memcpy(one, raw + i * sizeof(T), sizeof(T));
      values.push_back(__builtin_bit_cast(T, one));
    }
    done += now;
  }
  return values;
}

template <UserData T>
Status write_array(const AddressSpace& as, VirtAddr at, std::span<const T> values) {
  // SAFETY: as above, for each element.
  return write_bytes(as, at, {reinterpret_cast<const u8*>(values.data()), values.size_bytes()});
}

}  // namespace ostd::user
