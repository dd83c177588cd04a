// SPDX-License-Identifier: MPL-2.0
// Atomic<T>: integers, enums and bool shared between tasks. Each use names its memory order; the default is seq_cst.
#pragma once
#include <base/annotations.h>
#include <base/types.h>
#include <type_traits>

namespace ostd {

enum class Order : int { relaxed = __ATOMIC_RELAXED, acquire = __ATOMIC_ACQUIRE, release = __ATOMIC_RELEASE,
                         acq_rel = __ATOMIC_ACQ_REL, seq_cst = __ATOMIC_SEQ_CST };

// All operations are const: sharing an Atomic by const reference is its purpose.
template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>)
class OSTD_SYNC OSTD_OWNED Atomic {
 public:
  constexpr Atomic() = default;
  constexpr explicit Atomic(T v) : v_(v) {}
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;
  T load(Order o = Order::seq_cst) const {
    T v;
    __atomic_load(&v_, &v, static_cast<int>(o));
    return v;
  }
  void store(T v, Order o = Order::seq_cst) const { __atomic_store(&v_, &v, static_cast<int>(o)); }
  T exchange(T v, Order o = Order::seq_cst) const {
    T old;
    __atomic_exchange(&v_, &v, &old, static_cast<int>(o));
    return old;
  }
  // True when `expected` was found and `desired` stored; else `expected` gets what was found.
  bool compare_exchange(T& expected, T desired, Order o = Order::seq_cst) const {
    return __atomic_compare_exchange(&v_, &expected, &desired, false, static_cast<int>(o), __ATOMIC_RELAXED);
  }
  T fetch_add(T n, Order o = Order::seq_cst) const requires std::is_integral_v<T> { return __atomic_fetch_add(&v_, n, static_cast<int>(o)); }
  T fetch_sub(T n, Order o = Order::seq_cst) const requires std::is_integral_v<T> { return __atomic_fetch_sub(&v_, n, static_cast<int>(o)); }
  T fetch_or(T n, Order o = Order::seq_cst) const requires std::is_integral_v<T> { return __atomic_fetch_or(&v_, n, static_cast<int>(o)); }
  T fetch_and(T n, Order o = Order::seq_cst) const requires std::is_integral_v<T> { return __atomic_fetch_and(&v_, n, static_cast<int>(o)); }

 private:
  mutable T v_{};
};

}  // namespace ostd
