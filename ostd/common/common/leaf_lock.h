// SPDX-License-Identifier: MPL-2.0
// The lock of things below the scheduler: memory management, interrupt controllers, consoles.
#pragma once
#include <common/target.h>
#include <ostd/target/sync.h>

namespace ostd::common {

// Holds a spinlock in a scope with interrupts off. Such locks nest inside every other lock and have no rank.
class LeafLock {
 public:
  explicit LeafLock(const target::RawSpin& s) : s_(s) {
#if __STDC_HOSTED__
    if (target::on_cpu())
#endif
      were_on_ = target::irqs_on();
    if (were_on_) target::irq_disable();
    s_.lock();
  }
  ~LeafLock() {
    s_.unlock();
    if (were_on_) target::irq_enable();
  }
  LeafLock(const LeafLock&) = delete;

 private:
  const target::RawSpin& s_;
  bool were_on_ = false;
};

}  // namespace ostd::common
