// SPDX-License-Identifier: MPL-2.0
// RawSpin: the spinlock under all others. Test-and-test-and-set, since a fair queue is slow where the host may stop any CPU.
// Whoever waits for another CPU (TLB flush, inter-CPU call) holds no RawSpin and serves its own requests while it waits, so
// spinning with interrupts off cannot deadlock.
#pragma once
#include <base/types.h>
#include <ostd/target/cpu.h>

namespace ostd::target {

class RawSpin {
 public:
  constexpr RawSpin() = default;
  RawSpin(const RawSpin&) = delete;
  RawSpin& operator=(const RawSpin&) = delete;
  void lock() const {
    if (!try_lock()) [[unlikely]] lock_slow();
  }
  // acquire: what the last holder wrote is seen.
  bool try_lock() const { return __atomic_exchange_n(&held_, u8{1}, __ATOMIC_ACQUIRE) == 0; }
  // release: what was written under the lock is seen by the next holder.
  void unlock() const { __atomic_store_n(&held_, u8{0}, __ATOMIC_RELEASE); }
  bool held() const { return __atomic_load_n(&held_, __ATOMIC_RELAXED) != 0; }

 private:
  [[gnu::noinline]] void lock_slow() const {
    do {
      while (__atomic_load_n(&held_, __ATOMIC_RELAXED)) cpu_relax();
    } while (!try_lock());
  }
  mutable u8 held_ = 0;
};

}  // namespace ostd::target
