// SPDX-License-Identifier: MPL-2.0
// ostd/task.h: spawning, ending, joining, identity, affinity, accounting.
#include "helpers.h"

using namespace ostd;
using contract::go;

TEST_CASE("a spawned task runs its entry") {
  Atomic<u32> ran{0};
  const Ref<Task> t = go([&] { ran.store(1); });
  REQUIRE(t->join().ok());
  CHECK(ran.load() == 1);
  CHECK(t->ended());
}

TEST_CASE("a task has ended when join returns and its captures are destroyed") {
  struct Witness {
    explicit Witness(Atomic<u32>& where) : w(&where) {}
    Witness(Witness&& o) noexcept : w(std::exchange(o.w, nullptr)) {}
    ~Witness() { if (w) w->store(1); }
    Atomic<u32>* w;
  };
  Atomic<u32> destroyed{0};
  const Ref<Task> t = go([w = Witness(destroyed)] {});
  REQUIRE(t->join().ok());
  CHECK(destroyed.load() == 1);
}

TEST_CASE("task ids are unique and known to the task itself") {
  Atomic<u64> seen{0};
  const Ref<Task> a = go([&] { seen.store(task::current_id()); });
  const Ref<Task> b = go([] {});
  REQUIRE(a->join().ok());
  REQUIRE(b->join().ok());
  CHECK(a->id() != b->id());
  CHECK(a->id() != task::current_id());
  CHECK(seen.load() == a->id());
}

TEST_CASE("current is the task that runs") {
  Atomic<u64> id{0};
  const Ref<Task> t = go([&] { id.store(task::current()->id()); });
  REQUIRE(t->join().ok());
  CHECK(id.load() == t->id());
}

TEST_CASE("a thousand tasks run and end") {
  Atomic<u32> sum{0};
  for (u32 batch = 0; batch < 50; ++batch) {
    Opt<Ref<Task>> tasks[20];
    for (auto& t : tasks) t = go([&] { sum.fetch_add(1); });
    for (auto& t : tasks) CHECK((*t)->join().ok());
  }
  CHECK(sum.load() == 1000);
}

TEST_CASE("the memory of ended tasks comes back") {
  const auto churn = [] {
    for (u32 i = 0; i < 64; ++i) (void)go([] {})->join();
    // The last one's stack is given back by whoever runs after it.
    for (u32 i = 0; i < 4; ++i) task::yield();
  };
  churn();
  const usize before = mem::stats().free_pages;
  for (u32 i = 0; i < 8; ++i) churn();
  const usize after = mem::stats().free_pages;
  CHECK(after + 64 > before);
}

TEST_CASE("an affinity keeps a task on its CPU") {
  for (u32 i = 0; i < cpu::count(); ++i) {
    Atomic<u32> wrong{0};
    const Ref<Task> t = go([&, i] {
      for (u32 n = 0; n < 20; ++n) {
        if (cpu::current() != CpuId{i}) wrong.fetch_add(1);
        task::yield();
      }
    }, {.name = "pinned", .affinity = CpuSet::only(CpuId{i})});
    REQUIRE(t->join().ok());
    CHECK(wrong.load() == 0);
    CHECK(t->last_cpu() == CpuId{i});
  }
}

TEST_CASE("set_affinity moves the running task at its next preemption point") {
  const Ref<Task> self = task::current();
  for (u32 round = 0; round < 3; ++round)
    for (u32 i = 0; i < cpu::count(); ++i) {
      self->set_affinity(CpuSet::only(CpuId{i}));
      task::yield();
      CHECK(cpu::current() == CpuId{i});
      CHECK(self->affinity() == CpuSet::only(CpuId{i}));
    }
  self->set_affinity(CpuSet::all());
}

TEST_CASE("set_affinity moves a sleeping task when it wakes") {
  Atomic<u32> where{~0U};
  Atomic<u32> turn{0};
  const Ref<Task> t = go([&] {
    turn.store(1);
    while (turn.load() != 2) (void)task::park(Wait::uninterruptible);
    where.store(static_cast<u32>(cpu::current()));
  });
  while (turn.load() != 1) task::yield();
  const CpuId target{cpu::count() - 1};
  t->set_affinity(CpuSet::only(target));
  turn.store(2);
  t->unpark();
  REQUIRE(t->join().ok());
  CHECK(where.load() == static_cast<u32>(target));
}

TEST_CASE("set_affinity moves a task that waits in another queue") {
  const CpuId here{0};
  const CpuId there{cpu::count() - 1};
  task::current()->set_affinity(CpuSet::only(here));
  task::yield();
  Atomic<u32> where{~0U};
  const Ref<Task> t = go([&] { where.store(static_cast<u32>(cpu::current())); }, {.name = "queued", .affinity = CpuSet::only(here)});
  t->set_affinity(CpuSet::only(there));
  REQUIRE(t->join().ok());
  CHECK(where.load() == static_cast<u32>(there));
  task::current()->set_affinity(CpuSet::all());
}

TEST_CASE("scheduling parameters are kept") {
  const Ref<Task> t = go([] { (void)task::park(Wait::uninterruptible); }, {.name = "params", .sched = {.nice = 5}});
  CHECK(t->sched().nice == 5);
  t->set_sched({.klass = SchedClass::fifo, .rt_priority = 7});
  CHECK(t->sched() == SchedParams{.klass = SchedClass::fifo, .rt_priority = 7});
  t->unpark();
  CHECK(t->join().ok());
}

TEST_CASE("a task that computes is charged system time") {
  const Ref<Task> self = task::current();
  const Duration before = self->system_time();
  const Instant until = time::now() + Duration::millis(3);
  while (time::now() < until) {}
  CHECK(self->system_time() - before >= Duration::millis(1));
  CHECK(self->user_time() == Duration{});
}

TEST_CASE("a task that sleeps is not charged") {
  Atomic<u32> state{0};
  const Ref<Task> t = go([&] {
    state.store(1);
    while (state.load() != 2) (void)task::park(Wait::uninterruptible);
  });
  while (state.load() != 1) task::yield();
  (void)task::sleep_until(time::now() + Duration::millis(1), Wait::uninterruptible);
  const Duration before = t->system_time();
  const Duration nap = Duration::millis(20);
  (void)task::sleep_until(time::now() + nap, Wait::uninterruptible);
  CHECK(t->system_time() - before < nap);
  state.store(2);
  t->unpark();
  CHECK(t->join().ok());
}

TEST_CASE("switches are counted by kind") {
  const Ref<Task> self = task::current();
  const u64 before = self->switches_voluntary();
  for (u32 i = 0; i < 10; ++i) (void)task::sleep_until(time::now() + Duration::micros(50), Wait::uninterruptible);
  CHECK(self->switches_voluntary() >= before + 1);
}

TEST_CASE("a busy task of another CPU is running and a parked one is not") {
  Atomic<u32> go_on{0};
  const Ref<Task> t = go([&] {
    go_on.store(1);
    while (go_on.load() != 2) (void)task::park(Wait::uninterruptible);
  });
  contract::until_asleep(*t);
  CHECK(!t->running());
  CHECK(!t->ended());
  CHECK(task::current()->running());
  go_on.store(2);
  t->unpark();
  CHECK(t->join().ok());
  CHECK(!t->running());
}

TEST_CASE("a long name is cut and does no harm") {
  const Ref<Task> t = go([] { (void)task::park(Wait::uninterruptible); });
  t->set_name("a name that is much longer than fifteen bytes");
  t->unpark();
  CHECK(t->join().ok());
}

TEST_CASE("a task is runnable until it sleeps, and when it was woken") {
  Atomic<u32> end{0};
  const Ref<Task> t = go([&] {
    while (end.load() == 0) (void)task::park(Wait::uninterruptible);
  });
  contract::until_asleep(*t);
  CHECK(!t->runnable());
  CHECK(!t->running());
  end.store(1);
  t->unpark();
  REQUIRE(t->join().ok());
  CHECK(!t->runnable());
  CHECK(task::current()->runnable());
  CHECK(task::current()->running());
}
