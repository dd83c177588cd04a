// SPDX-License-Identifier: MPL-2.0
// ostd/sync.h: Rcu cells and grace periods.
#include "helpers.h"
#include <ostd/sync.h>

using namespace ostd;
using contract::go;

namespace {
class Version final : public RefCounted {
 public:
  Version(u64 n, const Atomic<u32>& alive) : a(n), alive_(alive) { alive_.fetch_add(1); }
  ~Version() override {
    a = 0;
    b = ~0ULL;
    alive_.fetch_sub(1);
  }
  bool whole() const { return b == ~a; }
  u64 a;
  u64 b = ~a;

 private:
  const Atomic<u32>& alive_;
};

// A count of living objects that outlives them all.
struct Living {
  ~Living() { contract::until([&] { return count.load() == 0; }); }
  const Atomic<u32> count{0};
};
}  // namespace

TEST_CASE("an rcu cell gives what was published last") {
  const Living living;
  const Atomic<u32>& alive = living.count;
  const Rcu<Version> cell(make_ref<Version>(1, alive));
  CHECK(cell.get()->a == 1);
  cell.publish(make_ref<Version>(2, alive));
  CHECK(cell.get()->a == 2);
  CHECK(cell.read([](const Version& v) { return v.a; }) == 2);
}

TEST_CASE("a replaced object dies after a grace period") {
  const Living living;
  const Atomic<u32>& alive = living.count;
  const Rcu<Version> cell(make_ref<Version>(1, alive));
  cell.publish(make_ref<Version>(2, alive));
  contract::until([&] { return alive.load() == 1; });
  CHECK(cell.get()->a == 2);
}

TEST_CASE("a replaced object lives as long as somebody refers to it") {
  const Living living;
  const Atomic<u32>& alive = living.count;
  const Rcu<Version> cell(make_ref<Version>(1, alive));
  {
    const Ref<Version> old = cell.get();
    cell.publish(make_ref<Version>(2, alive));
    rcu::synchronize();
    rcu::synchronize();
    CHECK(old->whole());
    CHECK(alive.load() == 2);
  }
  contract::until([&] { return alive.load() == 1; });
  CHECK(alive.load() == 1);
}

TEST_CASE("readers never see an object that is being destroyed") {
  const Living living;
  const Atomic<u32>& alive = living.count;
  {
    const Rcu<Version> cell(make_ref<Version>(1, alive));
    Atomic<u32> broken{0};
    Atomic<u32> stop{0};
    contract::in_parallel(4, [&](u32 i) {
      if (i == 0) {
        for (u64 n = 2; n < 300; ++n) {
          cell.publish(make_ref<Version>(n, alive));
          if (n % 16 == 0) task::yield();
        }
        stop.store(1);
        return;
      }
      while (stop.load() == 0) {
        if (!cell.read([](const Version& v) { return v.whole(); })) broken.fetch_add(1);
        if (!cell.get()->whole()) broken.fetch_add(1);
        task::preempt_point();
      }
    });
    CHECK(broken.load() == 0);
  }
  contract::until([&] { return alive.load() == 0; });
  CHECK(alive.load() == 0);
}

TEST_CASE("synchronize waits for a read-side section that runs") {
  const contract::OnCpu here(0);
  if (cpu::count() == 1) return;  // a section cannot run beside it
  for (u32 i = 0; i < 20; ++i) {
    Atomic<u32> inside{0};
    const Ref<Task> reader = go([&] {
      const rcu::ReadGuard section;
      inside.store(1);
      const Instant end = time::now() + Duration::micros(300);
      while (time::now() < end) {}
      inside.store(2);
    }, {.name = "reader", .affinity = CpuSet::only(CpuId{1})});
    while (inside.load() == 0) task::preempt_point();
    rcu::synchronize();
    CHECK(inside.load() == 2);
    CHECK(reader->join().ok());
  }
}

TEST_CASE("synchronize ends although another CPU is busy in the OS") {
  if (cpu::count() == 1) return;
  const contract::OnCpu here(0);
  Atomic<u32> stop{0};
  const Ref<Task> busy = go([&] {
    while (stop.load() == 0) task::preempt_point();
  }, {.name = "busy", .affinity = CpuSet::only(CpuId{1})});
  for (u32 i = 0; i < 5; ++i) rcu::synchronize();
  stop.store(1);
  CHECK(busy->join().ok());
}

TEST_CASE("a deferred function runs after the section it was deferred in") {
  Atomic<u32> ran{0};
  {
    const rcu::ReadGuard section;
    rcu::defer([&] { ran.store(1); });
    const Instant end = time::now() + Duration::millis(5);
    while (time::now() < end) {}
    CHECK(ran.load() == 0);
  }
  contract::until([&] { return ran.load() == 1; });
  CHECK(ran.load() == 1);
}

TEST_CASE("every deferred function runs once") {
  Atomic<u32> ran{0};
  contract::in_parallel(4, [&](u32) {
    for (u32 i = 0; i < 100; ++i) {
      rcu::defer([&] { ran.fetch_add(1); });
      if (i % 10 == 0) task::yield();
    }
  });
  contract::until([&] { return ran.load() == 400; });
  rcu::synchronize();
  CHECK(ran.load() == 400);
}

TEST_CASE("many tasks synchronize at a time") {
  contract::in_parallel(8, [](u32) {
    for (u32 i = 0; i < 10; ++i) rcu::synchronize();
  });
}
