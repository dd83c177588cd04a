// SPDX-License-Identifier: MPL-2.0
// Sleeping and giving way: park, unpark, yield, preemption points, disturbance.
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

bool admits(Wait how, u32 attention) {
  const auto level = static_cast<Disturb>(attention & kDisturbMask);
  switch (how) {
    case Wait::interruptible: return level != Disturb::none;
    case Wait::killable: return level == Disturb::kill;
    case Wait::uninterruptible: return false;
  }
  return false;
}

Task::Core& running() { return *target::this_cpu()->current; }

// Makes the task look at its attention word soon, wherever it is.
void draw_attention(Task::Core& t) {
  unpark(t);
  // In user mode only an interrupt brings it back. The word was changed before on_cpu is read, and the target reads the word
  // with interrupts off before it enters user mode: either it sees it there or the IPI comes after.
  const u32 cpu = t.cpu.load(Order::seq_cst);
  if (t.on_cpu.load(Order::seq_cst) && cpu != target::this_cpu()->index) target::send_ipi(cpu);
}
}  // namespace

void ostd::common::check_may_sleep(const char* what) {
  const PerCpu& c = *target::this_cpu();
  if (c.preempt_count == 0 && target::irqs_on() && !c.current->idle()) [[likely]] return;
  check_failed(what);
}

void ostd::common::schedule_from_task(Leave why) {
  target::irq_disable();
  schedule(why);
  target::irq_enable();
  reap_dead();
}

ostd::Status ostd::common::sleep(u32 until, Wait how, Opt<Instant> deadline) {
  check_may_sleep("sleeping: no spinlock or guard is held and this is not an interrupt or deferred work");
  Task::Core& t = running();
  if (admits(how, t.attention.load(Order::relaxed))) return Errc::interrupted;
  u32 state = t.state.load(Order::relaxed);
  if (!(state & until)) {
    if (deadline) {
      if (*deadline == Instant::never()) {
        deadline.reset();
      } else {
        if (target::clock_ns() >= deadline->ns) return Errc::timed_out;
        t.timed_out.store(0, Order::relaxed);
        timer_arm(t.timeout, *deadline);
      }
    }
    target::irq_disable();
    while (!(state & until)) {
      if (!t.state.compare_exchange(state, state | kParked, Order::acq_rel)) continue;
      schedule(Leave::parked);
      break;
    }
    target::irq_enable();
    reap_dead();
    if (deadline) timer_cancel(t.timeout, TimerWait::yes);
  }
  // acquire: sees what every waker wrote before it set its bit, not only the first one.
  t.state.fetch_and(~(kParked | until), Order::acquire);
  if (target::this_cpu()->pending.load(Order::relaxed) != 0) preempt_slow();
  if (admits(how, t.attention.load(Order::relaxed))) return Errc::interrupted;
  if (deadline && t.timed_out.exchange(0, Order::relaxed)) return Errc::timed_out;
  return {};
}

ostd::Status ostd::task::park(Wait how, Opt<Instant> deadline) { return common::sleep(kToken | kUserToken, how, deadline); }

ostd::Status ostd::task::sleep_until(Instant deadline, Wait how) {
  while (target::clock_ns() < deadline.ns) {
    const Status s = park(how, deadline);
    if (s.error() == Errc::interrupted) return s;
  }
  return {};
}

void ostd::task::yield() {
  check_may_sleep("yield: no spinlock or guard is held and this is not an interrupt or deferred work");
  target::poll_interrupts();
  if (target::this_cpu()->pending.load(Order::relaxed) & ~kResched) handle_pending();
  const u64 before = target::this_cpu()->switches.load(Order::relaxed);
  schedule_from_task(Leave::yielded);
  // Nobody else here: what the caller waits for is on another CPU.
  if (target::this_cpu()->switches.load(Order::relaxed) == before) target::give_way();
}

void ostd::task::preempt_point() {
  if (target::this_cpu()->preempt_count != 0) return;
  target::poll_interrupts();
  if (target::this_cpu()->pending.load(Order::relaxed) != 0) preempt_slow();
}

void ostd::Task::unpark() const { common::unpark(*core_, kToken | kUserToken); }

void ostd::Task::disturb(Disturb level) const {
  u32 old = core_->attention.load(Order::relaxed);
  do {
    if ((old & kDisturbMask) >= static_cast<u32>(level)) return;
  } while (!core_->attention.compare_exchange(old, (old & ~kDisturbMask) | static_cast<u32>(level), Order::seq_cst));
  draw_attention(*core_);
}

void ostd::Task::clear_disturb() const {
  OSTD_CHECK(core_ == target::this_cpu()->current && "only the task itself clears its disturbance");
  core_->attention.fetch_and(~kDisturbMask, Order::acq_rel);
}

void ostd::Task::kick() const {
  if (!(core_->attention.fetch_or(kKick, Order::seq_cst) & kKick)) draw_attention(*core_);
}

void ostd::Task::kick_on_switch(bool on) const { core_->kick_on_switch = on; }

ostd::Disturb ostd::Task::disturbed() const { return static_cast<Disturb>(core_->attention.load(Order::acquire) & kDisturbMask); }
ostd::Disturb ostd::task::disturbed() { return static_cast<Disturb>(running().attention.load(Order::acquire) & kDisturbMask); }
