// SPDX-License-Identifier: MPL-2.0
// ostd/task.h: park and unpark, yield, sleep, preemption, disturbance.
#include "helpers.h"

using namespace ostd;
using contract::go;

TEST_CASE("an unpark before the park is not lost") {
  task::current()->unpark();
  CHECK(task::park(Wait::uninterruptible).ok());
}

TEST_CASE("an unpark before a task first runs is not lost") {
  const contract::OnCpu here(0);
  Opt<Ref<Task>> t;
  {
    const PreemptGuard it_does_not_run_yet;
    t = go([] { CHECK(task::park(Wait::uninterruptible).ok()); }, {.name = "new", .affinity = CpuSet::only(CpuId{0})});
    (*t)->unpark();
  }
  CHECK((*t)->join().ok());
}

TEST_CASE("a task that is spawned parked runs when it is unparked") {
  Atomic<u32> ran{0};
  const Result<Ref<Task>> t = Task::spawn_parked({.name = "parked"}, contract::account(), [&] { ran.store(1); });
  REQUIRE(t.ok());
  for (u32 i = 0; i < 20; ++i) task::yield();
  CHECK(ran.load() == 0);
  t.value()->unpark();
  CHECK(t.value()->join().ok());
  CHECK(ran.load() == 1);
}

TEST_CASE("unparks do not add up") {
  for (u32 i = 0; i < 5; ++i) task::current()->unpark();
  CHECK(task::park(Wait::uninterruptible).ok());
  CHECK(task::park(Wait::uninterruptible, time::now() + Duration::millis(1)).error() == Errc::timed_out);
}

TEST_CASE("unpark wakes a parked task") {
  Atomic<u32> step{0};
  const Ref<Task> t = go([&] {
    step.store(1);
    while (step.load() != 2) (void)task::park(Wait::uninterruptible);
    step.store(3);
  });
  contract::until_asleep(*t);
  step.store(2);
  t->unpark();
  REQUIRE(t->join().ok());
  CHECK(step.load() == 3);
}

TEST_CASE("two tasks hand a turn to each other many times") {
  constexpr u32 kTurns = 2000;
  Atomic<u32> turn{0};
  const Ref<Task> me = task::current();
  const Ref<Task> t = go([&] {
    for (u32 i = 0; i < kTurns; ++i) {
      while (turn.load() != 2 * i + 1) (void)task::park(Wait::uninterruptible);
      turn.store(2 * i + 2);
      me->unpark();
    }
  });
  for (u32 i = 0; i < kTurns; ++i) {
    turn.store(2 * i + 1);
    t->unpark();
    while (turn.load() != 2 * i + 2) (void)task::park(Wait::uninterruptible);
  }
  REQUIRE(t->join().ok());
  CHECK(turn.load() == 2 * kTurns);
}

TEST_CASE("two tasks on different CPUs hand a turn to each other many times") {
  constexpr u32 kTurns = 500;
  Atomic<u32> turn{0};
  const Ref<Task> me = task::current();
  me->set_affinity(CpuSet::only(CpuId{0}));
  const Ref<Task> t = go([&] {
    for (u32 i = 0; i < kTurns; ++i) {
      while (turn.load() != 2 * i + 1) (void)task::park(Wait::uninterruptible);
      turn.store(2 * i + 2);
      me->unpark();
    }
  }, {.name = "far", .affinity = CpuSet::only(CpuId{cpu::count() - 1})});
  for (u32 i = 0; i < kTurns; ++i) {
    turn.store(2 * i + 1);
    t->unpark();
    while (turn.load() != 2 * i + 2) (void)task::park(Wait::uninterruptible);
  }
  CHECK(t->join().ok());
  CHECK(turn.load() == 2 * kTurns);
  me->set_affinity(CpuSet::all());
}

TEST_CASE("park times out not before its deadline") {
  const Instant deadline = time::now() + Duration::millis(2);
  Status s;
  while ((s = task::park(Wait::uninterruptible, deadline)).ok()) {}
  CHECK(s.error() == Errc::timed_out);
  CHECK(time::now() >= deadline);
}

TEST_CASE("a park whose deadline has passed returns at once") {
  CHECK(task::park(Wait::uninterruptible, Instant{0}).error() == Errc::timed_out);
}

TEST_CASE("sleep_until sleeps to the deadline although unparks come") {
  const Instant deadline = time::now() + Duration::millis(5);
  const Ref<Task> me = task::current();
  const Ref<Task> t = go([&] {
    while (time::now() < deadline) {
      me->unpark();
      task::yield();
    }
  });
  CHECK(task::sleep_until(deadline, Wait::interruptible).ok());
  CHECK(time::now() >= deadline);
  CHECK(t->join().ok());
}

TEST_CASE("yield lets another ready task of the CPU run") {
  task::current()->set_affinity(CpuSet::only(CpuId{0}));
  task::yield();
  Atomic<u32> ran{0};
  const Ref<Task> t = go([&] { ran.store(1); }, {.name = "ready", .affinity = CpuSet::only(CpuId{0})});
  for (u32 i = 0; i < 100 && ran.load() == 0; ++i) task::yield();
  CHECK(ran.load() == 1);
  CHECK(t->join().ok());
  task::current()->set_affinity(CpuSet::all());
}

TEST_CASE("a busy task with preemption points shares its CPU") {
  const Ref<Task> self = task::current();
  self->set_affinity(CpuSet::only(CpuId{0}));
  task::yield();
  const u64 before = self->switches_involuntary();
  Atomic<u32> ran{0};
  const Ref<Task> t = go([&] { ran.store(1); }, {.name = "ready", .affinity = CpuSet::only(CpuId{0})});
  while (ran.load() == 0) task::preempt_point();
  CHECK(self->switches_involuntary() > before);
  CHECK(t->join().ok());
  self->set_affinity(CpuSet::all());
}

namespace {
constexpr Duration kLong = Duration::seconds(100);
constexpr Duration kShort = Duration::millis(5);
// How a sleep in `how` ends when it is disturbed by `level`, or timed_out. A sleep that should be interrupted has a far deadline.
Errc disturbed_sleep(Wait how, Disturb level, bool before, Duration patience) {
  Atomic<u32> step{0};
  Atomic<u32> result{0};
  const Ref<Task> t = go([&] {
    step.store(1);
    while (before && step.load() != 2) task::yield();
    const Instant deadline = time::now() + patience;
    Status s;
    while ((s = task::park(how, deadline)).ok()) {}
    result.store(static_cast<u32>(s.error()));
  });
  if (before) contract::until([&] { return step.load() == 1; });
  else contract::until([&] { return step.load() == 1 && !t->running(); });
  t->disturb(level);
  step.store(2);
  (void)t->join();
  return static_cast<Errc>(result.load());
}
}  // namespace

TEST_CASE("a signal ends an interruptible sleep") {
  CHECK(disturbed_sleep(Wait::interruptible, Disturb::signal, false, kLong) == Errc::interrupted);
  CHECK(disturbed_sleep(Wait::interruptible, Disturb::signal, true, kLong) == Errc::interrupted);
}
TEST_CASE("a signal does not end a killable sleep") {
  CHECK(disturbed_sleep(Wait::killable, Disturb::signal, false, kShort) == Errc::timed_out);
  CHECK(disturbed_sleep(Wait::killable, Disturb::signal, true, kShort) == Errc::timed_out);
}
TEST_CASE("a kill ends interruptible and killable sleeps") {
  CHECK(disturbed_sleep(Wait::killable, Disturb::kill, false, kLong) == Errc::interrupted);
  CHECK(disturbed_sleep(Wait::interruptible, Disturb::kill, true, kLong) == Errc::interrupted);
}
TEST_CASE("nothing ends an uninterruptible sleep but its deadline") {
  CHECK(disturbed_sleep(Wait::uninterruptible, Disturb::kill, false, kShort) == Errc::timed_out);
  CHECK(disturbed_sleep(Wait::uninterruptible, Disturb::kill, true, kShort) == Errc::timed_out);
}

TEST_CASE("disturbance rises and is cleared by the task itself") {
  const Ref<Task> self = task::current();
  CHECK(task::disturbed() == Disturb::none);
  self->disturb(Disturb::kill);
  self->disturb(Disturb::signal);
  CHECK(task::disturbed() == Disturb::kill);
  CHECK(self->disturbed() == Disturb::kill);
  self->clear_disturb();
  CHECK(task::disturbed() == Disturb::none);
}

TEST_CASE("a kick does not disturb waits") {
  task::current()->kick();
  CHECK(task::disturbed() == Disturb::none);
  CHECK(task::sleep_until(time::now() + Duration::millis(1), Wait::interruptible).ok());
}

TEST_CASE("join is interrupted as the caller says") {
  const Ref<Task> t = go([] { (void)task::park(Wait::killable); });
  const Ref<Task> joiner = go([&] { CHECK(t->join(Wait::interruptible).error() == Errc::interrupted); });
  contract::until_asleep(*joiner);
  joiner->disturb(Disturb::signal);
  CHECK(joiner->join().ok());
  t->unpark();
  CHECK(t->join().ok());
}

TEST_CASE("a task that ended before join is joined at once by many") {
  const Ref<Task> t = go([] {});
  while (!t->ended()) task::yield();
  Opt<Ref<Task>> joiners[4];
  for (auto& j : joiners) j = go([&] { CHECK(t->join().ok()); });
  for (auto& j : joiners) CHECK((*j)->join().ok());
}
