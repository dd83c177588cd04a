// SPDX-License-Identifier: MPL-2.0
// ostd/sync.h: MutexLocked, RwLocked, lock_pair.
#include "helpers.h"
#include <ostd/sync.h>
#include <ostd/wait.h>

using namespace ostd;
using contract::go;

namespace {
constexpr Rank kOuter{100};
constexpr Rank kInner{200};
struct Pair { u64 a = 0; u64 b = 0; };
}  // namespace

TEST_CASE("a mutex excludes tasks although its holder sleeps") {
  MutexLocked<Pair, kOuter> shared;
  Atomic<u32> broken{0};
  contract::in_parallel(6, [&](u32 me) {
    for (u32 i = 0; i < 300; ++i)
      shared.with([&](Pair& p) {
        if (p.a != p.b) broken.fetch_add(1);
        ++p.a;
        if (i % 16 == me) task::yield();
        if (i % 64 == me) (void)task::sleep_until(time::now() + Duration::micros(20), Wait::uninterruptible);
        ++p.b;
      });
  });
  CHECK(broken.load() == 0);
  CHECK(shared.with([](Pair& p) { return p.b; }) == 1800);
}

TEST_CASE("a mutex wakes a waiter when it is released") {
  MutexLocked<u64, kOuter> m;
  Atomic<u32> step{0};
  const Ref<Task> holder = go([&] {
    m.with([&](u64& v) {
      step.store(1);
      while (step.load() != 2) (void)task::park(Wait::uninterruptible);
      v = 5;
    });
  });
  contract::until([&] { return step.load() == 1; });
  Atomic<u64> seen{0};
  const Ref<Task> waiter = go([&] { seen.store(m.with([](u64& v) { return v; })); });
  contract::until_asleep(*waiter);
  CHECK(seen.load() == 0);
  step.store(2);
  holder->unpark();
  CHECK(waiter->join().ok());
  CHECK(holder->join().ok());
  CHECK(seen.load() == 5);
}

TEST_CASE("no waiter of a busy mutex starves") {
  MutexLocked<u64, kOuter> m;
  Atomic<u32> stop{0};
  Atomic<u32> got{0};
  const Ref<Task> hog = go([&] {
    while (stop.load() == 0) m.with([](u64& v) { ++v; });
  }, {.name = "hog", .affinity = CpuSet::only(CpuId{0})});
  const Ref<Task> meek = go([&] {
    for (u32 i = 0; i < 20; ++i) m.with([&](u64&) { got.fetch_add(1); });
    stop.store(1);
  }, {.name = "meek", .affinity = CpuSet::only(CpuId{cpu::count() - 1})});
  CHECK(meek->join().ok());
  CHECK(hog->join().ok());
  CHECK(got.load() == 20);
}

TEST_CASE("an unpark is not lost to a mutex that the task sleeps for") {
  MutexLocked<u64, kOuter> m;
  Atomic<u32> step{0};
  const Ref<Task> t = go([&] {
    contract::until([&] { return step.load() == 1; });
    m.with([](u64&) {});
    CHECK(task::park(Wait::uninterruptible).ok());
    step.store(3);
  });
  m.with([&](u64&) {
    step.store(1);
    contract::until_asleep(*t);
    t->unpark();
    for (u32 i = 0; i < 20; ++i) task::yield();
  });
  CHECK(t->join().ok());
  CHECK(step.load() == 3);
}

TEST_CASE("readers share a lock and see no writer") {
  RwLocked<Pair, kOuter> shared;
  Atomic<u32> broken{0};
  contract::in_parallel(6, [&](u32 me) {
    for (u32 i = 0; i < 300; ++i) {
      if (me < 2) {
        shared.write([&](Pair& p) {
          ++p.a;
          if (i % 16 == 0) task::yield();
          ++p.b;
        });
      } else {
        shared.read([&](const Pair& p) {
          const u64 a = p.a;
          if (i % 16 == 0) task::yield();
          if (a != p.b) broken.fetch_add(1);
        });
      }
    }
  });
  CHECK(broken.load() == 0);
  CHECK(shared.read([](const Pair& p) { return p.a; }) == 600);
}

TEST_CASE("two readers are inside at one time") {
  RwLocked<u64, kOuter> shared;
  Atomic<u32> inside{0};
  contract::in_parallel(2, [&](u32) {
    shared.read([&](const u64&) {
      inside.fetch_add(1);
      contract::until([&] { return inside.load() == 2; });
    });
  });
  CHECK(inside.load() == 2);
}

TEST_CASE("a waiting writer goes before later readers") {
  RwLocked<u64, kOuter> shared;
  Atomic<u32> step{0};
  Atomic<u64> seen{0};
  const Ref<Task> first = go([&] {
    shared.read([&](const u64&) {
      step.store(1);
      while (step.load() != 2) (void)task::park(Wait::uninterruptible);
    });
  });
  contract::until([&] { return step.load() == 1; });
  const Ref<Task> writer = go([&] { shared.write([](u64& v) { v = 9; }); });
  contract::until_asleep(*writer);
  const Ref<Task> late = go([&] { seen.store(shared.read([](const u64& v) { return v; })); });
  contract::until_asleep(*late);
  CHECK(seen.load() == 0);
  step.store(2);
  first->unpark();
  CHECK(late->join().ok());
  CHECK(writer->join().ok());
  CHECK(first->join().ok());
  CHECK(seen.load() == 9);
}

TEST_CASE("lock_pair takes two locks in either order without deadlock") {
  const MutexLocked<u64, kOuter> a{1000};
  const MutexLocked<u64, kOuter> b{1000};
  contract::in_parallel(4, [&](u32 me) {
    for (u32 i = 0; i < 300; ++i) {
      const auto move = [&](u64& from, u64& to) {
        --from;
        if (i % 32 == 0) task::yield();
        ++to;
      };
      if (me % 2 == 0) lock_pair(a, b, move);
      else lock_pair(b, a, move);
    }
  });
  CHECK(a.with([](u64& v) { return v; }) == 1000);
  CHECK(b.with([](u64& v) { return v; }) == 1000);
}

TEST_CASE("lock_pair gives its function the objects in the order of its arguments") {
  const MutexLocked<u64, kOuter> a{1};
  const MutexLocked<u64, kOuter> b{2};
  CHECK(lock_pair(a, b, [](u64& x, u64& y) { return x * 10 + y; }) == 12);
  CHECK(lock_pair(b, a, [](u64& x, u64& y) { return x * 10 + y; }) == 21);
}

TEST_CASE("a spinlock may be taken inside a mutex") {
  const MutexLocked<u64, kOuter> m{1};
  const SpinLocked<u64, kInner> s{2};
  CHECK(m.with([&](u64& x) { return s.with([&](u64& y) { return x + y; }); }) == 3);
}
