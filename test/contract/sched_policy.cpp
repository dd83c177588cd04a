// SPDX-License-Identifier: MPL-2.0
// ostd/scheduler.h: a policy decides, and a wrong policy is survived. Installed for good, so these cases run last.
#include "helpers.h"
#include <base/vec.h>
#include <ostd/frame.h>
#include <ostd/reservation.h>
#include <ostd/scheduler.h>
#include <ostd/sync.h>

using namespace ostd;
using contract::go;

namespace {
// What the policy below does; switched by the cases.
enum class Mood : u8 { fair, last_in_first_out, forgets, lies, stingy };
Atomic<u8> mood{0};
Atomic<u32> enqueues{0};
Atomic<u32> picks{0};
Atomic<u32> steals{0};
// What a lying policy names: a task that is in no queue.
const Once<Ref<Task>> sleeper;
Mood now() { return static_cast<Mood>(mood.load()); }

class MoodyQueue final : public RunQueue {
 public:
  void enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason) override {
    enqueues.fetch_add(1);
    e.policy_word += 1;
    if (now() == Mood::forgets && count_ % 2 == 1) return;
    if (count_ < kRoom) tasks_[count_++] = std::move(task);
  }
  Opt<Ref<Task>> pick(Instant) override {
    picks.fetch_add(1);
    if (now() == Mood::lies) return sleeper.get();
    if (count_ == 0) return {};
    return now() == Mood::last_in_first_out ? tasks_[--count_].take() : take(0);
  }
  bool dequeue(const Task& task, SchedEntity&) override {
    for (u32 i = 0; i < count_; ++i)
      if ((*tasks_[i]).same(task)) {
        (void)take(i);
        return true;
      }
    return false;
  }
  bool tick(SchedEntity& e, Duration ran) override {
    e.slice_used_ns += static_cast<u64>(ran.ns);
    return now() != Mood::stingy;
  }
  bool preempts(const SchedEntity& woken, const SchedEntity& current) override {
    return woken.params.klass == SchedClass::fifo && current.params.klass != SchedClass::fifo;
  }
  Instant next_tick(Instant t, const SchedEntity&) override { return t + Duration::millis(1); }
  usize length() const override { return count_; }
  Opt<Ref<Task>> steal(CpuId to) override {
    if (now() == Mood::lies) return sleeper.get();
    for (u32 i = 0; i < count_; ++i)
      if ((*tasks_[i])->affinity().has(to)) {
        steals.fetch_add(1);
        return take(i);
      }
    return {};
  }

 private:
  static constexpr u32 kRoom = 64;
  Opt<Ref<Task>> take(u32 at) {
    Opt<Ref<Task>> t = tasks_[at].take();
    for (u32 i = at + 1; i < count_; ++i) tasks_[i - 1] = tasks_[i].take();
    --count_;
    return t;
  }
  Opt<Ref<Task>> tasks_[kRoom];
  u32 count_ = 0;
};

class MoodyPolicy final : public SchedPolicy {
 public:
  Own<RunQueue> make_run_queue(CpuId) override { return make_own<MoodyQueue>(); }
};

// Work that needs many switches, wake-ups and migrations, and an answer that shows that every task ran to its end.
u32 exercise() {
  Atomic<u32> sum{0};
  const WaitQueue q;
  Atomic<u32> open{0};
  Opt<Ref<Task>> tasks[24];
  for (u32 i = 0; i < 24; ++i)
    tasks[i] = go([&, i] {
      for (u32 n = 0; n < 20; ++n) {
        if (n % 4 == 0) task::yield();
        if (n % 7 == i % 7) task::current()->set_affinity(n % 2 ? CpuSet::all() : CpuSet::only(CpuId{i % cpu::count()}));
        if (n == 10) (void)q.wait_until(Wait::uninterruptible, [&] { return open.load() == 1; });
        sum.fetch_add(1);
      }
    });
  contract::until([&] { return sum.load() == 24 * 10; });
  open.store(1);
  q.wake_all();
  for (auto& t : tasks) (void)(*t)->join();
  return sum.load();
}
}  // namespace

LAST_CASE("an installed policy gets the tasks that wait and decides from then on") {
  Atomic<u32> ran{0};
  Opt<Ref<Task>> waiting[4];
  {
    const PreemptGuard hold;
    for (auto& t : waiting) t = go([&] { ran.fetch_add(1); }, {.name = "waits", .affinity = CpuSet::only(cpu::current())});
  }
  scheduler::install(make_own<MoodyPolicy>());
  for (auto& t : waiting) CHECK((*t)->join().ok());
  CHECK(ran.load() == 4);
  const u32 before = enqueues.load();
  CHECK(exercise() == 24 * 20);
  CHECK(enqueues.load() > before);
  CHECK(picks.load() != 0);
}

LAST_CASE("the order is the policy's") {
  mood.store(static_cast<u8>(Mood::last_in_first_out));
  const contract::OnCpu here(0);
  SpinLocked<u32, Rank{100}> place;
  u32 order[3] = {};
  Opt<Ref<Task>> tasks[3];
  {
    const PreemptGuard hold;
    for (u32 i = 0; i < 3; ++i)
      tasks[i] = go([&, i] { place.with([&](u32& n) { order[n++] = i; }); }, {.name = "ordered", .affinity = CpuSet::only(CpuId{0})});
  }
  for (auto& t : tasks) CHECK((*t)->join().ok());
  CHECK(order[0] == 2);
  CHECK(order[2] == 0);
  mood.store(0);
}

LAST_CASE("a task of higher claim runs as soon as it wakes") {
  const contract::OnCpu here(0);
  Atomic<u32> step{0};
  const Ref<Task> urgent = go([&] {
    while (step.load() == 0) (void)task::park(Wait::uninterruptible);
    step.store(2);
  }, {.name = "urgent", .sched = {.klass = SchedClass::fifo, .rt_priority = 1}, .affinity = CpuSet::only(CpuId{0})});
  contract::until_asleep(*urgent);
  step.store(1);
  urgent->unpark();
  task::preempt_point();
  CHECK(step.load() == 2);
  CHECK(urgent->join().ok());
}

LAST_CASE("whoever hears of the end of a task finds what it used on its account") {
  const Ref<Account> a = Account::create(contract::account(), 300);
  Vec<UFrame> kept;
  Opt<Ref<Task>> urgent;
  Result<Ref<Task>> user = Task::spawn_parked({.name = "user", .affinity = CpuSet::only(CpuId{0})}, a, [&] {
    contract::until_asleep(**urgent);
    CHECK(mem::reserve(200).ok());
    for (u32 i = 0; i < 150; ++i) kept.push_back(UFrame::alloc(Zero::no));
  });
  REQUIRE(user.ok());
  usize used = 0;
  // Runs as soon as it is woken, in the middle of the other's end.
  urgent = go([&] {
    (void)user.value()->join();
    used = a->stats().used_pages;
  }, {.name = "urgent", .sched = {.klass = SchedClass::fifo, .rt_priority = 1}, .affinity = CpuSet::only(CpuId{0})});
  user.value()->unpark();
  CHECK((*urgent)->join().ok());
  CHECK(used >= 150);
}

LAST_CASE("a policy that loses tasks does not stop them") {
  mood.store(static_cast<u8>(Mood::forgets));
  CHECK(exercise() == 24 * 20);
  mood.store(0);
}

LAST_CASE("a policy that names wrong tasks is not believed") {
  (void)sleeper.set(go([] { (void)task::park(Wait::uninterruptible); }));
  contract::until_asleep(*sleeper.get());
  mood.store(static_cast<u8>(Mood::lies));
  CHECK(exercise() == 24 * 20);
  mood.store(0);
  sleeper.get()->unpark();
  CHECK(sleeper.get()->join().ok());
}

LAST_CASE("work goes to idle CPUs under a policy") {
  contract::in_parallel(8, [](u32) {
    const Instant end = time::now() + Duration::millis(2);
    while (time::now() < end) task::preempt_point();
  });
  CHECK(exercise() == 24 * 20);
}
