// SPDX-License-Identifier: MPL-2.0
// Array<T, N>: N values, bounds checked.
#pragma once
#include <base/annotations.h>
#include <base/trap.h>
#include <base/types.h>
#include <span>

namespace ostd {

template <class T, usize N>
class OSTD_OWNED Array {
 public:
  constexpr usize size() const { return N; }
  constexpr T& operator[](usize i) OSTD_LIFETIMEBOUND { OSTD_CHECK(i < N); return v[i]; }
  constexpr const T& operator[](usize i) const OSTD_LIFETIMEBOUND { OSTD_CHECK(i < N); return v[i]; }
  constexpr std::span<T> items() OSTD_LIFETIMEBOUND { return std::span<T>(v, N); }
  constexpr std::span<const T> items() const OSTD_LIFETIMEBOUND { return std::span<const T>(v, N); }
  constexpr bool operator==(const Array&) const = default;

  T v[N]{};  // public so that Array is an aggregate: Array<int, 3>{1, 2, 3}
};
template <class T, class... U> Array(T, U...) -> Array<T, 1 + sizeof...(U)>;

}  // namespace ostd
