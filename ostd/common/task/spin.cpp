// SPDX-License-Identifier: MPL-2.0
// SpinLocked's acquire and release with the lock checker (without it they are inline, detail/sync_inline.h), and the guard
// against interrupts.
#include "lock_check.h"

#if OSTD_DEBUG_LOCKS

namespace {
void acquire(const ostd::target::RawSpin& s, ostd::Rank rank, ostd::IrqMode mode, bool& irqs_were_on, ostd::common::RankRule rule) {
  using namespace ostd;
  using namespace ostd::common;
  if (mode == IrqMode::off) {
    irqs_were_on = target::irqs_on();
    if (irqs_were_on) target::irq_disable();
  }
  preempt_off();
  PerCpu& c = *target::this_cpu();
  check_spin(c, rank, rule);
  s.lock();
  note_spin(c, rank);
}
}  // namespace

void ostd::detail::spin_acquire(const target::RawSpin& s, Rank rank, IrqMode mode, bool& irqs_were_on) {
  acquire(s, rank, mode, irqs_were_on, common::RankRule::rising);
}
void ostd::detail::spin_acquire_pair(const target::RawSpin& s, Rank rank, IrqMode mode, bool& irqs_were_on) {
  acquire(s, rank, mode, irqs_were_on, common::RankRule::pair);
}

void ostd::detail::spin_release(const target::RawSpin& s, Rank rank, IrqMode mode, bool irqs_were_on) {
  using namespace common;
  PerCpu& c = *target::this_cpu();
  forget_spin(c, rank);
  s.unlock();
  if (mode == IrqMode::off && irqs_were_on) target::irq_enable();
  preempt_on();
}
#endif

ostd::IrqGuard::IrqGuard() : was_on_(target::irqs_on()) {
  if (was_on_) target::irq_disable();
}
ostd::IrqGuard::~IrqGuard() {
  if (!was_on_) return;
  target::irq_enable();
  common::PerCpu& c = *target::this_cpu();
  if (c.preempt_count == 0 && c.pending.load(Order::relaxed) != 0) common::preempt_slow();
}
