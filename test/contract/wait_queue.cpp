// SPDX-License-Identifier: MPL-2.0
// ostd/wait.h: WaitQueue and its hooks.
#include "helpers.h"
#include <ostd/irq.h>
#include <ostd/sync.h>
#include <ostd/wait.h>

using namespace ostd;
using contract::go;

TEST_CASE("a wait whose condition holds does not sleep") {
  const WaitQueue q;
  u32 calls = 0;
  CHECK(q.wait_until(Wait::interruptible, [&] { ++calls; return true; }).ok());
  CHECK(calls == 1);
}

TEST_CASE("a wait ends when its condition holds after a wake") {
  const WaitQueue q;
  Atomic<u32> ready{0};
  const Ref<Task> t = go([&] { CHECK(q.wait_until(Wait::interruptible, [&] { return ready.load() == 1; }).ok()); });
  contract::until([&] { return q.has_waiters(); });
  q.wake_all();
  contract::until_asleep(*t);
  CHECK(!t->ended());
  ready.store(1);
  q.wake_one();
  CHECK(t->join().ok());
  CHECK(!q.has_waiters());
}

TEST_CASE("a wake between the look at the condition and the sleep is not lost") {
  const WaitQueue q;
  u32 looks = 0;
  bool ready = false;
  CHECK(q.wait_until(Wait::interruptible, [&] {
    if (++looks == 2) {  // in the queue by now
      ready = true;
      q.wake_one();
      return false;
    }
    return ready;
  }).ok());
  CHECK(looks == 3);
}

TEST_CASE("a condition that sleeps for a mutex loses no wake") {
  const WaitQueue q;
  const MutexLocked<u64, Rank{100}> queue{0};
  constexpr u64 kItems = 2000;
  Atomic<u64> taken{0};
  const auto consume = [&](u32) {
    for (;;) {
      const auto got = q.wait_for(Wait::uninterruptible, [&]() -> Opt<u64> {
        return queue.with([&](u64& v) -> Opt<u64> {
          if (taken.load() == kItems) return 0;
          if (v == 0) return none;
          --v;
          return 1;
        });
      });
      if (!got || got.value() == 0) return;
      if (taken.fetch_add(1) + 1 == kItems) q.wake_all();
    }
  };
  contract::in_parallel(4, [&](u32 i) {
    if (i != 0) return consume(i);
    for (u64 n = 0; n < kItems; ++n) {
      queue.with([](u64& v) { ++v; });
      q.wake_one();
    }
  });
  CHECK(taken.load() == kItems);
}

TEST_CASE("wait_for gives back what the condition found") {
  const WaitQueue q;
  const auto r = q.wait_for(Wait::interruptible, []() -> Opt<u64> { return 42; });
  REQUIRE(r.ok());
  CHECK(r.value() == 42);
}

TEST_CASE("a wait times out not before its deadline") {
  const WaitQueue q;
  const Instant deadline = time::now() + Duration::millis(2);
  CHECK(q.wait_until(Wait::uninterruptible, [] { return false; }, deadline).error() == Errc::timed_out);
  CHECK(time::now() >= deadline);
  CHECK(!q.has_waiters());
}

TEST_CASE("a condition that came true by the deadline wins over the time-out") {
  const WaitQueue q;
  const Instant deadline = time::now() + Duration::millis(2);
  CHECK(q.wait_until(Wait::uninterruptible, [&] { return time::now() >= deadline; }, deadline).ok());
}

TEST_CASE("a signal ends an interruptible wait and not a killable one") {
  const WaitQueue q;
  const Ref<Task> soft = go([&] { CHECK(q.wait_until(Wait::interruptible, [] { return false; }).error() == Errc::interrupted); });
  const Ref<Task> hard = go([&] { CHECK(q.wait_until(Wait::killable, [] { return false; }).error() == Errc::interrupted); });
  contract::until_asleep(*soft);
  contract::until_asleep(*hard);
  soft->disturb(Disturb::signal);
  hard->disturb(Disturb::signal);
  CHECK(soft->join().ok());
  for (u32 i = 0; i < 20; ++i) task::yield();
  CHECK(!hard->ended());
  hard->disturb(Disturb::kill);
  CHECK(hard->join().ok());
}

namespace {
// Starts n waiters, the last `exclusive` of them exclusive; each counts itself in `awake` when woken once.
struct Crowd {
  WaitQueue q;
  Atomic<u32> awake{0};
  Atomic<u32> asleep{0};
  Atomic<u32> generation{0};
  Opt<Ref<Task>> tasks[8];
  u32 n = 0;
  void start(u32 count, bool exclusive) {
    for (u32 i = 0; i < count; ++i) {
      tasks[n++] = go([this, exclusive] {
        bool looked = false;
        const auto woken = [&] {
          // False twice (before and in the queue); whoever wakes it makes it look a third time.
          if (awake_now(looked)) return true;
          return false;
        };
        (void)(exclusive ? q.wait_exclusive(Wait::uninterruptible, woken) : q.wait_until(Wait::uninterruptible, woken));
        awake.fetch_add(1);
      });
      contract::until([&] { return asleep.load() == n; });
      contract::until_asleep(**tasks[n - 1]);
    }
  }
  bool awake_now(bool& looked) {
    if (generation.load() != 0) return true;
    if (looked) { asleep.fetch_add(1); looked = false; return false; }
    looked = true;
    return false;
  }
  void finish() {
    generation.store(1);
    q.wake_all();
    for (u32 i = 0; i < n; ++i) (void)(*tasks[i])->join();
  }
};
}  // namespace

TEST_CASE("wake_one wakes one exclusive waiter at a time") {
  Crowd c;
  c.start(4, true);
  c.generation.store(1);
  for (u32 i = 1; i <= 4; ++i) {
    c.q.wake_one();
    contract::until([&] { return c.awake.load() >= i; });
    for (u32 n = 0; n < 10; ++n) task::yield();
    CHECK(c.awake.load() == i);
  }
  c.finish();
}

TEST_CASE("wake_one wakes all waiters that are not exclusive") {
  Crowd c;
  c.start(3, false);
  c.start(2, true);
  c.generation.store(1);
  c.q.wake_one();
  contract::until([&] { return c.awake.load() >= 4; });
  for (u32 n = 0; n < 10; ++n) task::yield();
  CHECK(c.awake.load() == 4);
  c.finish();
}

TEST_CASE("wake_all wakes exclusive waiters too") {
  Crowd c;
  c.start(2, false);
  c.start(3, true);
  c.generation.store(1);
  c.q.wake_all();
  contract::until([&] { return c.awake.load() == 5; });
  CHECK(c.awake.load() == 5);
  c.finish();
}

TEST_CASE("an exclusive waiter that gives up passes its wake on") {
  const WaitQueue q;
  Atomic<u32> items{0};
  Atomic<u32> taken{0};
  const auto take = [&] {
    u32 n = items.load();
    while (n != 0)
      if (items.compare_exchange(n, n - 1)) return true;
    return false;
  };
  for (u32 round = 0; round < 50; ++round) {
    taken.store(0);
    const Ref<Task> loser = go([&] { if (q.wait_exclusive(Wait::interruptible, take).ok()) taken.fetch_add(1); });
    contract::until_asleep(*loser);
    const Ref<Task> winner = go([&] { if (q.wait_exclusive(Wait::uninterruptible, take).ok()) taken.fetch_add(1); });
    contract::until_asleep(*winner);
    items.fetch_add(1);
    q.wake_one();
    loser->disturb(Disturb::signal);
    CHECK(loser->join().ok());
    if (taken.load() != 0) {  // the loser got it all the same: one for the other
      items.fetch_add(1);
      q.wake_one();
    }
    CHECK(winner->join().ok());
    items.store(0);
  }
}

namespace {
class CountingHook final : public WaitHook {
 public:
  void woken(u32 key) const override {
    calls.fetch_add(1);
    last_key.store(key);
    if (next) next->wake_all(key);
  }
  Atomic<u32> calls{0};
  Atomic<u32> last_key{0};
  const WaitQueue* next = nullptr;
};
}  // namespace

TEST_CASE("a hook is told of every wake and its key until it is removed") {
  const WaitQueue q;
  const Ref<CountingHook> hook = make_ref<CountingHook>();
  q.add_hook(hook);
  CHECK(q.has_waiters());
  q.wake_one(5);
  CHECK(hook->calls.load() == 1);
  CHECK(hook->last_key.load() == 5);
  q.wake_all(6);
  CHECK(hook->calls.load() == 2);
  CHECK(hook->last_key.load() == 6);
  q.remove_hook(*hook);
  CHECK(!q.has_waiters());
  q.wake_all(7);
  CHECK(hook->calls.load() == 2);
  CHECK(hook->ref_count() == 1);
}

TEST_CASE("a hook may wake another queue") {
  const WaitQueue q;
  const WaitQueue outer;
  const Ref<CountingHook> hook = make_ref<CountingHook>();
  const_cast<CountingHook&>(*hook).next = &outer;
  q.add_hook(hook);
  Atomic<u32> ready{0};
  const Ref<Task> t = go([&] { CHECK(outer.wait_until(Wait::uninterruptible, [&] { return ready.load() == 1; }).ok()); });
  contract::until([&] { return outer.has_waiters(); });
  ready.store(1);
  q.wake_one();
  CHECK(t->join().ok());
  q.remove_hook(*hook);
}

TEST_CASE("a queue that is destroyed lets its hooks go") {
  const Ref<CountingHook> hook = make_ref<CountingHook>();
  {
    const WaitQueue q;
    q.add_hook(hook);
    CHECK(hook->ref_count() == 2);
  }
  CHECK(hook->ref_count() == 1);
}

TEST_CASE("deferred work wakes a waiter") {
  const WaitQueue q;
  Atomic<u32> ready{0};
  const Deferred work([&] { ready.store(1); q.wake_one(); });
  const Ref<Task> t = go([&] { CHECK(q.wait_until(Wait::uninterruptible, [&] { return ready.load() == 1; }).ok()); });
  contract::until([&] { return q.has_waiters(); });
  work.schedule();
  CHECK(t->join().ok());
}
