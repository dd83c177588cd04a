// SPDX-License-Identifier: MPL-2.0
// The slow paths of RawSpin: the holder may have lost its processor, so spinning is short.
#include "linux/host_futex.h"

#include <common/target.h>

using namespace ostd;

void ostd::target::RawSpin::lock_slow() const {
  for (u32 n = 0; n < 100; n++) {
    cpu_relax();
    if (word_.load(Order::relaxed) == 0 && try_lock()) return;
  }
  // 2 stays until an unlock: whoever got the lock this way wakes the next one.
  while (word_.exchange(2, Order::acquire) != 0) host::futex_wait(host::futex_word(word_), 2, UINT64_MAX, host::FutexScope::process);
}
void ostd::target::RawSpin::wake() const { host::futex_wake(host::futex_word(word_), 1, host::FutexScope::process); }
