// SPDX-License-Identifier: MPL-2.0
// ostd/sync.h: SpinLocked, SeqCount, Once. ostd/cpu.h: guards.
#include "helpers.h"
#include <ostd/irq.h>
#include <ostd/sync.h>

using namespace ostd;
using contract::go;

namespace {
constexpr Rank kOuter{100};
constexpr Rank kInner{200};
struct Pair { u64 a = 0; u64 b = 0; };
}  // namespace

TEST_CASE("a spinlock excludes tasks of all CPUs") {
  SpinLocked<Pair, kOuter> shared;
  Atomic<u32> broken{0};
  contract::in_parallel(4, [&](u32) {
    for (u32 i = 0; i < 5000; ++i)
      shared.with([&](Pair& p) {
        if (p.a != p.b) broken.fetch_add(1);
        ++p.a;
        ++p.b;
      });
  });
  CHECK(broken.load() == 0);
  CHECK(shared.with([](Pair& p) { return p.a; }) == 20000);
}

TEST_CASE("with gives back what its function returns") {
  const SpinLocked<u64, kOuter> shared{7};
  CHECK(shared.with([](u64& v) { return v++; }) == 7);
  CHECK(shared.with([](u64& v) { return v; }) == 8);
}

TEST_CASE("spinlocks nest in rising rank") {
  const SpinLocked<u64, kOuter> a{1};
  const SpinLocked<u64, kInner> b{2};
  CHECK(a.with([&](u64& x) { return b.with([&](u64& y) { return x + y; }); }) == 3);
}

TEST_CASE("a lock with interrupts off is shared with deferred work") {
  SpinLocked<u64, kOuter, IrqMode::off> shared;
  const Deferred work([&] { shared.with([](u64& v) { ++v; }); });
  for (u32 i = 0; i < 200; ++i) {
    const u64 before = shared.with([](u64& v) { return v; });
    work.schedule();
    shared.with([](u64& v) { v += 1000; });
    contract::until([&] { return shared.with([](u64& v) { return v; }) == before + 1001; });
  }
  CHECK(shared.with([](u64& v) { return v; }) == 200 * 1001);
}

TEST_CASE("a task is not preempted while it holds a spinlock") {
  const contract::OnCpu here(0);
  const SpinLocked<u64, kOuter> lock{0};
  Atomic<u32> ran{0};
  u32 during = 0;
  Opt<Ref<Task>> t;
  t = go([&] { ran.store(1); }, {.name = "rival", .affinity = CpuSet::only(CpuId{0})});
  lock.with([&](u64&) {
    const Instant end = time::now() + Duration::millis(10);  // longer than a time slice
    while (time::now() < end) task::preempt_point();
    during = ran.load();
  });
  CHECK(during == 0);
  CHECK((*t)->join().ok());
}

TEST_CASE("a preempt guard keeps the task on its CPU and unpreempted") {
  const contract::OnCpu here(0);
  Atomic<u32> ran{0};
  const Ref<Task> t = go([&] { ran.store(1); }, {.name = "rival", .affinity = CpuSet::only(CpuId{0})});
  {
    const PreemptGuard outer;
    const PreemptGuard inner;
    const Instant end = time::now() + Duration::millis(10);
    while (time::now() < end) task::preempt_point();
    CHECK(ran.load() == 0);
    CHECK(cpu::current() == CpuId{0});
  }
  CHECK(t->join().ok());
}

TEST_CASE("interrupts wait until an irq guard is gone") {
  Atomic<u32> fired{0};
  const Timer t([&] { fired.store(1); });
  {
    const IrqGuard off;
    t.arm(time::now());
    const Instant end = time::now() + Duration::millis(3);
    while (time::now() < end) {}
    CHECK(fired.load() == 0);
  }
  contract::until([&] { return fired.load() == 1; });
  CHECK(fired.load() == 1);
}

TEST_CASE("a sequence count shows whole values to readers") {
  struct Triple { u64 a, b; u32 c; };
  const SeqCount<Triple, kOuter> value{Triple{0, 0, 0}};
  Atomic<u32> torn{0};
  Atomic<u32> stop{0};
  contract::in_parallel(4, [&](u32 i) {
    if (i < 2) {
      for (u32 n = 0; n < 3000; ++n) value.update([](Triple& t) { ++t.a; t.b += 2; t.c += 3; });
      stop.fetch_add(1);
      return;
    }
    while (stop.load() < 2) {
      const Triple t = value.read();
      if (t.b != 2 * t.a || t.c != static_cast<u32>(3 * t.a)) torn.fetch_add(1);
      task::preempt_point();
    }
  });
  CHECK(torn.load() == 0);
  CHECK(value.read().a == 6000);
}

TEST_CASE("once keeps the first value of many") {
  const Once<u64> cell;
  CHECK(!cell.is_set());
  Atomic<u32> winners{0};
  Atomic<u64> winner{0};
  contract::in_parallel(4, [&](u32 i) {
    if (cell.set(i + 1)) {
      winners.fetch_add(1);
      winner.store(i + 1);
    }
  });
  CHECK(winners.load() == 1);
  REQUIRE(cell.is_set());
  CHECK(cell.get() == winner.load());
}
