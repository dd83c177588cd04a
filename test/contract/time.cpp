// SPDX-License-Identifier: MPL-2.0
// ostd/time.h: clocks and timers.
#include "helpers.h"
#include <ostd/sync.h>

using namespace ostd;
using contract::go;

TEST_CASE("the clock never goes back, whatever the CPU") {
  Atomic<u64> latest{0};
  Atomic<u32> back{0};
  contract::in_parallel(4, [&](u32) {
    for (u32 i = 0; i < 2000; ++i) {
      const u64 seen = latest.load();
      const u64 now = time::now().ns;
      if (now < seen) back.fetch_add(1);
      u64 old = latest.load();
      while (old < now && !latest.compare_exchange(old, now)) {}
    }
  });
  CHECK(back.load() == 0);
}

TEST_CASE("the wall clock is the monotonic clock and an offset that WallClock changes") {
  const i64 before = time::wall_offset();
  CHECK(time::wall_offset() == before);
  const i64 step = 1'000'000'000'000;
  const Cap<WallClock, wall_clock::set> clock = Cap<WallClock, wall_clock::set>::mint(RootKey(), contract::boot().wall_clock);
  clock.set(time::wall_now() + step);
  const i64 moved = time::wall_offset() - before;
  CHECK(moved <= step);
  CHECK(moved > step / 2);
  const i64 read = time::wall_now();
  CHECK(read >= time::wall_offset());
  clock.set(time::wall_now() - step);
}

TEST_CASE("the clock has a resolution") { CHECK(time::resolution_ns() >= 1); }

TEST_CASE("a timer fires once and not before its deadline") {
  Atomic<u64> at{0};
  Atomic<u32> count{0};
  const Timer t([&] { at.store(time::now().ns); count.fetch_add(1); });
  const Instant deadline = time::now() + Duration::millis(2);
  {
    const PreemptGuard no_timers_run;
    t.arm(deadline);
    CHECK(t.deadline().has_value());
  }
  contract::until([&] { return count.load() != 0; });
  CHECK(at.load() >= deadline.ns);
  CHECK(!t.deadline().has_value());
  (void)task::sleep_until(time::now() + Duration::millis(3), Wait::uninterruptible);
  CHECK(count.load() == 1);
}

TEST_CASE("a timer fires while its CPU sleeps") {
  Atomic<u32> fired{0};
  const Ref<Task> me = task::current();
  const Timer t([&] { fired.store(1); me->unpark(); });
  t.arm(time::now() + Duration::millis(5));
  while (fired.load() == 0) (void)task::park(Wait::uninterruptible);
  CHECK(fired.load() == 1);
}

TEST_CASE("a timer that was armed while its CPU idled fires while a task keeps that CPU") {
  const contract::OnCpu here(0);
  Atomic<u32> second{0};
  const Ref<Task> me = task::current();
  const Timer late([&] { second.store(1); });
  const Timer early([&] {
    late.arm(time::now() + Duration::millis(2));
    me->unpark();
  });
  early.arm(time::now() + Duration::millis(2));
  (void)task::park(Wait::uninterruptible);
  // No sleep and no user mode from here on; the limit only ends the case when the timer is lost.
  const Instant limit = time::now() + Duration::seconds(5);
  while (second.load() == 0 && time::now() < limit) task::preempt_point();
  CHECK(second.load() == 1);
}

TEST_CASE("a deadline in the past fires at once") {
  Atomic<u32> fired{0};
  const Timer t([&] { fired.store(1); });
  t.arm(Instant{0});
  contract::until([&] { return fired.load() == 1; });
  CHECK(fired.load() == 1);
}

TEST_CASE("arm replaces the deadline") {
  Atomic<u32> count{0};
  const Timer t([&] { count.fetch_add(1); });
  t.arm(Instant::never());
  t.arm(time::now() + Duration::seconds(1000));
  t.arm(time::now() + Duration::millis(1));
  contract::until([&] { return count.load() == 1; });
  {
    const PreemptGuard no_timers_run;
    t.arm(time::now() + Duration::millis(1));
    t.arm(time::now() + Duration::seconds(1000));
  }
  (void)task::sleep_until(time::now() + Duration::millis(3), Wait::uninterruptible);
  CHECK(count.load() == 1);
  CHECK(t.cancel());
}

TEST_CASE("cancel says whether the timer was armed and stops it") {
  Atomic<u32> count{0};
  const Timer t([&] { count.fetch_add(1); });
  CHECK(!t.cancel());
  {
    const PreemptGuard no_timers_run;
    t.arm(time::now() + Duration::millis(2));
    CHECK(t.cancel());
  }
  CHECK(!t.cancel());
  (void)task::sleep_until(time::now() + Duration::millis(4), Wait::uninterruptible);
  CHECK(count.load() == 0);
}

TEST_CASE("cancel waits for a function that runs on another CPU") {
  const contract::OnCpu here(0);
  for (u32 i = 0; i < 30; ++i) {
    Atomic<u32> inside{0};
    const Timer t([&] {
      inside.store(1);
      const Instant end = time::now() + Duration::micros(100);
      while (time::now() < end) {}
      inside.store(0);
    });
    const Ref<Task> arm = go([&] { t.arm(time::now()); }, {.name = "arm", .affinity = CpuSet::only(CpuId{cpu::count() - 1})});
    CHECK(arm->join().ok());
    (void)t.cancel();
    CHECK(inside.load() == 0);
  }
}

TEST_CASE("a timer may arm itself again") {
  Atomic<u32> count{0};
  const Timer* self = nullptr;
  const Timer t([&] {
    if (count.fetch_add(1) < 9) self->arm(time::now() + Duration::micros(100));
  });
  self = &t;
  t.arm(time::now());
  contract::until([&] { return count.load() == 10; });
  CHECK(!t.deadline().has_value());
}

TEST_CASE("a timer may be cancelled or destroyed by its own function") {
  Atomic<u32> count{0};
  const Timer* self = nullptr;
  const Timer t([&] { (void)self->cancel(); count.fetch_add(1); });
  self = &t;
  t.arm(time::now());
  contract::until([&] { return count.load() == 1; });
  struct Holder { Opt<Own<Timer>> timer; };
  Holder h;
  h.timer = make_own<Timer>([&] { h.timer.reset(); count.fetch_add(1); });
  (*h.timer)->arm(time::now());
  contract::until([&] { return count.load() == 2; });
  CHECK(!h.timer.has_value());
}

TEST_CASE("timers fire in the order of their deadlines") {
  const contract::OnCpu here(0);
  constexpr u32 kTimers = 40;
  SpinLocked<u32, Rank{100}> seen;
  Opt<Own<Timer>> timers[kTimers];
  u32 order[kTimers] = {};
  const Instant start = time::now() + Duration::millis(2);
  for (u32 i = 0; i < kTimers; ++i)
    timers[i] = make_own<Timer>([&, i] { seen.with([&](u32& n) { order[n++] = i; }); });
  Opt<Own<PreemptGuard>> no_timers_run = make_own<PreemptGuard>();
  for (u32 i = 0; i < kTimers; ++i) {
    const u32 place = i * 17 % kTimers;  // armed in another order
    (*timers[place])->arm(start + Duration::micros(place * 10));
  }
  no_timers_run.reset();
  contract::until([&] { return seen.with([](u32& n) { return n; }) == kTimers; });
  for (u32 i = 0; i < kTimers; ++i) CHECK(order[i] == i);
}

TEST_CASE("many timers are armed and cancelled from all CPUs") {
  constexpr u32 kTimers = 8;
  Atomic<u32> fired{0};
  Opt<Own<Timer>> timers[kTimers];
  for (auto& t : timers) t = make_own<Timer>([&] { fired.fetch_add(1); });
  contract::in_parallel(4, [&](u32 me) {
    for (u32 i = 0; i < 1000; ++i) {
      const Timer& t = **timers[(i * 7 + me * 3) % kTimers];
      if (i % 3 == 0) (void)t.cancel();
      else t.arm(time::now() + Duration::micros((i * 13 + me) % 200));
    }
  });
  for (auto& t : timers) (void)(*t)->cancel();
  const u32 n = fired.load();
  (void)task::sleep_until(time::now() + Duration::millis(2), Wait::uninterruptible);
  CHECK(fired.load() == n);
}
