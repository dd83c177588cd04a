// SPDX-License-Identifier: MPL-2.0
// Firmware bytes that are not trusted: every read is checked; beyond the end there are zeros.
#pragma once
#include <base/types.h>
#include <span>

namespace ostd::target {

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::span<const u8> s) : s_(s) {}
  usize size() const { return s_.size(); }
  bool empty() const { return s_.empty(); }
  template <class T>
  T at(usize offset) const {
    T v{};
    if (offset <= s_.size() && s_.size() - offset >= sizeof(T)) __builtin_memcpy(&v, s_.data() + offset, sizeof(T));
    return v;
  }
  // The bytes from `offset`, at most n.
  Bytes part(usize offset, usize n = SIZE_MAX) const {
    if (offset >= s_.size()) return {};
    return Bytes(s_.subspan(offset, n < s_.size() - offset ? n : s_.size() - offset));
  }
  u8 sum() const {
    u8 total = 0;
    for (const u8 b : s_) total = static_cast<u8>(total + b);
    return total;
  }

 private:
  std::span<const u8> s_;
};

}  // namespace ostd::target
