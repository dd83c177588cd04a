// SPDX-License-Identifier: MPL-2.0
// RawSpin of the fake machine: its CPUs are threads, so a waiter lets others run.
#pragma once
#include <base/atomic.h>
#include <sched.h>

namespace ostd::target {

class RawSpin {
 public:
  constexpr RawSpin() = default;
  RawSpin(const RawSpin&) = delete;
  bool try_lock() const { return word_.exchange(1, Order::acquire) == 0; }
  void lock() const { while (!try_lock()) sched_yield(); }
  void unlock() const { word_.store(0, Order::release); }
  bool held() const { return word_.load(Order::relaxed) != 0; }

 private:
  Atomic<u32> word_{0};
};

}  // namespace ostd::target
