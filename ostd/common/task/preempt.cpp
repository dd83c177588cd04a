// SPDX-License-Identifier: MPL-2.0
// What a CPU does when something is pending: deferred work, inter-CPU calls, another task. Also the interrupt borders that the
// targets call.
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

constexpr u32 kDeferredKinds = kDeferred | kTimers | kRcuCallbacks;

// Clears those of `bits` that are set; returns them.
u32 take(PerCpu& c, u32 bits) {
  // acquire: what was written before the bit was set is seen.
  return c.pending.load(Order::relaxed) & bits ? c.pending.fetch_and(~bits, Order::acquire) & bits : 0;
}
}  // namespace

bool ostd::common::deferred_pending(const PerCpu& c) { return (c.pending.load(Order::relaxed) & kDeferredKinds) != 0; }

void ostd::common::request(u32 cpu, u32 bits) {
  PerCpu& c = cpus[cpu];
  // release: with what the request is about. One that finds its bits set needs no IPI: the first one sent it.
  const u32 old = c.pending.fetch_or(bits, Order::acq_rel);
  if ((old & bits) != bits && cpu != target::this_cpu()->index) target::send_ipi(cpu);
}

void ostd::common::run_deferred(PerCpu& c) {
  c.in_deferred = true;
  ++c.preempt_count;
  // Work that schedules itself again must not keep the CPU for ever: what is left waits for the next border.
  for (u32 round = 0; round < 8; ++round) {
    const u32 work = take(c, kDeferredKinds);
    if (work == 0) break;
    target::irq_enable();
    if (work & kTimers) expire_timers(c);
    if (work & kRcuCallbacks) rcu_run_callbacks(c);
    if (work & kDeferred) run_deferred_list(c);
    target::irq_disable();
  }
  --c.preempt_count;
  c.in_deferred = false;
}

void ostd::common::serve_ipi() {
  PerCpu& c = *target::this_cpu();
  if (c.pending.load(Order::relaxed) & kStop) target::power_halt();
  InInterrupt inside;
  trace_if_on(trace::Event::ipi);
  if (take(c, kCalls)) serve_calls(c);
  if (take(c, kTick)) {
    c.ready.lock.lock();
    update_tick_locked(c, target::clock_ns());
    c.ready.lock.unlock();
    program_timer(c);
  }
}

void ostd::common::tick(PerCpu& c, Instant now) {
  InInterrupt inside;
  c.ready.lock.lock();
  Task::Core& t = *c.ready.running;
  bool over = false;
  const Duration ran = now - Instant{c.slice_start_ns};
  if (!t.idle() && c.ready.head) {
    if (c.ready.policy) {
      over = c.ready.policy->tick(t.entity, ran);
      c.slice_start_ns = now.ns;
    } else {
      over = ran.ns >= static_cast<i64>(kDefaultSliceNs);
    }
  }
  const bool waiting = c.ready.head != nullptr;
  // The end of a slice that is over lies behind us: armed again it would strike at once, until the task comes to a preemption
  // point. The switch there sets the next one.
  if (over) c.tick_deadline = Instant::never();
  else update_tick_locked(c, now.ns);
  c.ready.lock.unlock();
  if (over) request_here(kResched);
  else if (waiting) offer_to_idle_cpu();
}

void ostd::common::irq_exit() {
  PerCpu& c = *target::this_cpu();
  if (c.preempt_count == 0 && deferred_pending(c)) run_deferred(c);
}

void ostd::common::handle_pending() {
  target::poll_interrupts();
  target::irq_disable();
  PerCpu& c = *target::this_cpu();
  if (c.pending.load(Order::relaxed) & (kCalls | kTick | kStop)) serve_ipi();
  if (deferred_pending(c)) run_deferred(c);
  rcu_quiescent(c);
  target::irq_enable();
}

void ostd::detail::preempt_slow() {
  using namespace common;
  {
    const PerCpu& c = *target::this_cpu();
    if (!target::irqs_on() || c.irq_nesting != 0 || c.in_deferred || !c.online) return;
  }
  handle_pending();
  if (target::this_cpu()->pending.load(Order::relaxed) & kResched) schedule_from_task(Leave::preempted);
}

void ostd::common::wait_politely() {
  PerCpu& c = *target::this_cpu();
  if (++c.wait_turns % 64 == 0) target::give_way();
  else target::cpu_relax();
  if (!(c.pending.load(Order::relaxed) & (kCalls | kStop)) || !target::irqs_on()) return;
  IrqOff off;
  serve_ipi();
}

bool ostd::common::before_user() {
  {
    PerCpu& c = *target::this_cpu();
    OSTD_CHECK(c.preempt_count == 0 && "no guard is held when user mode is entered");
  }
  target::poll_interrupts();
  while (target::this_cpu()->pending.load(Order::relaxed) != 0) {
    handle_pending();
    if (target::this_cpu()->pending.load(Order::relaxed) & kResched) schedule_from_task(Leave::preempted);
  }
  Task::Core& t = *target::this_cpu()->current;
  if (t.attention.load(Order::relaxed) == 0) return false;
  t.attention.fetch_and(~kKick, Order::acq_rel);
  return true;
}

bool ostd::common::user_work_pending() {
  const PerCpu& c = *target::this_cpu();
  return c.pending.load(Order::relaxed) != 0 || c.current->attention.load(Order::relaxed) != 0;
}

void ostd::common::user_enter(u64 now_ns) { account_before_user(*target::this_cpu(), now_ns); }
void ostd::common::user_exit(u64 now_ns) { account_after_user(*target::this_cpu(), now_ns); }
