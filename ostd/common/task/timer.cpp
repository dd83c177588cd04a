// SPDX-License-Identifier: MPL-2.0
// Timers of each CPU and the clock. Nodes fire in deferred context without a lock. The hardware timer is only ever set earlier;
// a cancelled timer costs at most one interrupt that finds nothing.
#include "sched.h"
#include <ostd/time.h>

namespace {
using namespace ostd;
using namespace ostd::common;

// Wall clock minus monotonic clock, once it was set or it was first asked for.
struct WallClock {
  Atomic<u32> known{0};
  Atomic<i64> offset{0};
};
WallClock wall;
}  // namespace

void ostd::common::program_timer(PerCpu& c) {
  c.timers.lock.lock();
  Instant want = c.timers.root ? c.timers.root->deadline : Instant::never();
  c.timers.lock.unlock();
  if (c.tick_deadline < want) want = c.tick_deadline;
  if (want < c.timers.programmed) {
    c.timers.programmed = want;
    target::arm_timer(want);
  }
}

namespace {
// Under n.guard: takes it out of its queue. armed_on can only fall to 0 meanwhile (expire_timers), so one look is enough.
bool disarm_guarded(TimerNode& n) {
  const u32 on = n.armed_on.load(Order::acquire);
  if (on == 0) return false;
  TimerQueue& q = cpus[on - 1].timers;
  q.lock.lock();
  const bool armed = n.armed_on.load(Order::relaxed) != 0;
  if (armed) {
    heap_remove(q.root, n);
    n.armed_on.store(0, Order::relaxed);
  }
  q.lock.unlock();
  return armed;
}
}  // namespace

void ostd::common::timer_arm(TimerNode& n, Instant deadline) {
  IrqOff off;
  n.guard.lock();
  disarm_guarded(n);
  PerCpu& c = *target::this_cpu();
  c.timers.lock.lock();
  n.deadline = deadline;
  heap_insert(c.timers.root, n);
  n.armed_on.store(c.index + 1, Order::relaxed);
  c.timers.lock.unlock();
  n.guard.unlock();
  if (deadline < c.timers.programmed) {
    c.timers.programmed = deadline;
    target::arm_timer(deadline);
  }
}

bool ostd::common::timer_cancel(TimerNode& n, TimerWait wait) {
  bool was_armed = false;
  {
    IrqOff off;
    n.guard.lock();
    was_armed = disarm_guarded(n);
    n.guard.unlock();
  }
  if (wait == TimerWait::no) return was_armed;
  // A node leaves its queue and is marked running under one lock: it was found above or is seen running here.
  for (;;) {
    const u32 on = n.running_on.load(Order::acquire);
    const PerCpu& c = *target::this_cpu();
    // From within fire() itself nobody waits.
    if (on == 0 || (on == c.index + 1 && c.in_deferred)) return was_armed;
    wait_politely();
  }
}

void ostd::common::expire_timers(PerCpu& c) {
  constexpr Duration kAgain = Duration::micros(20);
  const Instant now{target::clock_ns()};
  target::irq_disable();
  for (;;) {
    c.timers.lock.lock();
    TimerNode* n = c.timers.root;
    if (!n || n->deadline > now) break;
    heap_remove(c.timers.root, *n);
    if (n->running_on.load(Order::acquire) != 0) {
      // Armed here while it still runs on another CPU: one at a time.
      n->deadline = now + kAgain;
      heap_insert(c.timers.root, *n);
      c.timers.lock.unlock();
      continue;
    }
    n->running_on.store(c.index + 1, Order::relaxed);
    n->armed_on.store(0, Order::release);
    c.timers.lock.unlock();
    c.firing = n;
    target::irq_enable();
    n->fire(*n);
    target::irq_disable();
    // Null: fire() has ended the node.
    if (c.firing) c.firing->running_on.store(0, Order::release);
    c.firing = nullptr;
  }
  c.timers.lock.unlock();
  program_timer(c);
  target::irq_enable();
}

bool ostd::common::timer_end(TimerNode& n) {
  timer_cancel(n, TimerWait::yes);
  IrqOff off;
  PerCpu& c = *target::this_cpu();
  if (c.firing != &n) return true;
  c.firing = nullptr;
  return false;
}

void ostd::common::timer_interrupt() {
  PerCpu& c = *target::this_cpu();
  c.timers.programmed = Instant::never();
  const Instant now{target::clock_ns()};
  trace_if_on(trace::Event::irq, trace::kTimerIrq);
  if (c.tick_deadline <= now) tick(c, now);
  c.timers.lock.lock();
  const bool due = c.timers.root && c.timers.root->deadline <= now;
  c.timers.lock.unlock();
  if (due) request_here(kTimers);
  else program_timer(c);
}

struct ostd::Timer::Impl {
  explicit Impl(Fn<void()> fn) : node(&fired), f(std::move(fn)) {}
  static void fired(TimerNode& n) {
    Impl& self = reinterpret_cast<Impl&>(n);  // SAFETY: node is the first member
    self.f();
    if (self.orphan) delete &self;
  }
  TimerNode node;
  Fn<void()> f;
  bool orphan = false;  // its Timer was destroyed by f
};

ostd::Timer::Timer(Fn<void()> f) : impl_(new Impl(std::move(f))) {}
ostd::Timer::~Timer() {
  if (timer_end(impl_->node)) delete impl_;
  else impl_->orphan = true;
}
void ostd::Timer::arm(Instant deadline) const { timer_arm(impl_->node, deadline); }
bool ostd::Timer::cancel() const { return timer_cancel(impl_->node, TimerWait::yes); }
auto ostd::Timer::deadline() const -> Opt<Instant> {
  IrqOff off;
  TimerNode& n = impl_->node;
  n.guard.lock();
  Opt<Instant> d;
  if (const u32 on = n.armed_on.load(Order::acquire); on != 0) {
    TimerQueue& q = cpus[on - 1].timers;
    q.lock.lock();
    if (n.armed_on.load(Order::relaxed) != 0) d = n.deadline;
    q.lock.unlock();
  }
  n.guard.unlock();
  return d;
}

ostd::Instant ostd::time::now() { return Instant{target::clock_ns()}; }
ostd::i64 ostd::time::wall_offset() {
  if (!wall.known.load(Order::acquire)) return target::wall_at_boot_ns();
  return wall.offset.load(Order::relaxed);
}
ostd::i64 ostd::time::wall_now() { return Duration::add(static_cast<i64>(target::clock_ns()), wall_offset()); }
void ostd::WallClock::set(i64 wall_ns) const {
  wall.offset.store(Duration::add(wall_ns, -static_cast<i64>(target::clock_ns())), Order::relaxed);
  // release: whoever sees it known sees the offset.
  wall.known.store(1, Order::release);
}
ostd::u64 ostd::time::resolution_ns() { return 1; }
