// SPDX-License-Identifier: MPL-2.0
// RawSpin: the spinlock under SpinLocked, mutexes and wait queues. A host thread that holds one can lose its processor, so a
// waiter spins for a short while only and then sleeps in the host. 0 free, 1 held, 2 held and somebody may sleep.
#pragma once
#include <base/atomic.h>
#include <ostd/target/cpu.h>

namespace ostd::target {

class RawSpin {
 public:
  constexpr RawSpin() = default;
  RawSpin(const RawSpin&) = delete;
  bool try_lock() const {
    u32 free = 0;
    return word_.compare_exchange(free, 1, Order::acquire);  // acquire: the last holder's writes are seen
  }
  void lock() const { if (!try_lock()) [[unlikely]] lock_slow(); }
  void unlock() const {
    if (word_.exchange(0, Order::release) == 2) wake();  // release: publishes the holder's writes
  }
  bool held() const { return word_.load(Order::relaxed) != 0; }  // a hint

 private:
  void lock_slow() const;
  void wake() const;
  Atomic<u32> word_{0};
};

}  // namespace ostd::target
