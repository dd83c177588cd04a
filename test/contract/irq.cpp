// SPDX-License-Identifier: MPL-2.0
// ostd/irq.h: deferred work and interrupt lines. Lines are raised the way the targets do it.
#include "helpers.h"
#include <common/target.h>
#include <ostd/irq.h>
#include <ostd/sync.h>

using namespace ostd;
using contract::go;

TEST_CASE("deferred work runs once for each schedule") {
  Atomic<u32> count{0};
  const Deferred work([&] { count.fetch_add(1); });
  for (u32 i = 1; i <= 50; ++i) {
    work.schedule();
    contract::until([&] { return count.load() == i; });
  }
  for (u32 i = 0; i < 10; ++i) task::yield();
  CHECK(count.load() == 50);
}

TEST_CASE("scheduling deferred work twice before it runs makes it run once") {
  Atomic<u32> count{0};
  const Deferred work([&] { count.fetch_add(1); });
  {
    const PreemptGuard hold;
    work.schedule();
    work.schedule();
    work.schedule();
    CHECK(count.load() == 0);
  }
  contract::until([&] { return count.load() != 0; });
  for (u32 i = 0; i < 10; ++i) task::yield();
  CHECK(count.load() == 1);
}

TEST_CASE("deferred work runs on the CPU that scheduled it") {
  for (u32 i = 0; i < cpu::count(); ++i) {
    const contract::OnCpu here(i);
    Atomic<u32> where{~0U};
    const Deferred work([&] { where.store(static_cast<u32>(cpu::current())); });
    work.schedule();
    contract::until([&] { return where.load() != ~0U; });
    CHECK(where.load() == i);
  }
}

TEST_CASE("deferred work may schedule itself") {
  Atomic<u32> count{0};
  const Deferred* self = nullptr;
  const Deferred work([&] {
    if (count.fetch_add(1) < 99) self->schedule();
  });
  self = &work;
  work.schedule();
  contract::until([&] { return count.load() == 100; });
  CHECK(count.load() == 100);
}

TEST_CASE("deferred work that keeps scheduling itself lets tasks run") {
  Atomic<u32> stop{0};
  Atomic<u64> count{0};
  const Deferred* self = nullptr;
  const Deferred work([&] {
    count.fetch_add(1);
    if (stop.load() == 0) self->schedule();
  });
  self = &work;
  work.schedule();
  for (u32 i = 0; i < 50; ++i) task::yield();
  stop.store(1);
  CHECK(count.load() != 0);
}

TEST_CASE("the end of deferred work waits for a run on another CPU") {
  const contract::OnCpu here(0);
  for (u32 i = 0; i < 30; ++i) {
    Atomic<u32> inside{0};
    {
      const Deferred work([&] {
        inside.store(1);
        const Instant end = time::now() + Duration::micros(100);
        while (time::now() < end) {}
        inside.store(0);
      });
      const Ref<Task> t = go([&] { work.schedule(); }, {.name = "schedule", .affinity = CpuSet::only(CpuId{cpu::count() - 1})});
      CHECK(t->join().ok());
    }
    CHECK(inside.load() == 0);
  }
}

TEST_CASE("deferred work may be destroyed by itself") {
  Atomic<u32> count{0};
  Opt<Own<Deferred>> work;
  work = make_own<Deferred>([&] { work.reset(); count.fetch_add(1); });
  (*work)->schedule();
  contract::until([&] { return count.load() == 1; });
  CHECK(!work.has_value());
}

TEST_CASE("deferred work that is scheduled from all CPUs never runs twice at a time") {
  Atomic<u32> inside{0};
  Atomic<u32> twice{0};
  Atomic<u32> runs{0};
  const Deferred work([&] {
    if (inside.fetch_add(1) != 0) twice.fetch_add(1);
    runs.fetch_add(1);
    inside.fetch_sub(1);
  });
  contract::in_parallel(4, [&](u32) {
    for (u32 i = 0; i < 500; ++i) {
      work.schedule();
      task::preempt_point();
    }
  });
  CHECK(twice.load() == 0);
  CHECK(runs.load() != 0);
}

namespace {
constexpr u32 kLine = common::kIrqLines - 1;  // no target uses it
void raise(u32 line) {
  const IrqGuard off;
  common::irq_raised(line);
}
}  // namespace

TEST_CASE("an interrupt line calls its owner and counts") {
  Atomic<u32> calls{0};
  Result<IrqLine> line = IrqLine::claim(kLine, [&] { calls.fetch_add(1); });
  REQUIRE(line.ok());
  const u64 before = line.value().count();
  raise(kLine);
  raise(kLine);
  CHECK(calls.load() == 2);
  CHECK(line.value().count() == before + 2);
}

TEST_CASE("an interrupt line has one owner and can be claimed again") {
  {
    const Result<IrqLine> first = IrqLine::claim(kLine, [] {});
    REQUIRE(first.ok());
    CHECK(IrqLine::claim(kLine, [] {}).error() == Errc::busy);
  }
  CHECK(IrqLine::claim(kLine, [] {}).ok());
}

TEST_CASE("a line that does not exist cannot be claimed") {
  CHECK(IrqLine::claim(common::kIrqLines, [] {}).error() == Errc::invalid_argument);
}

TEST_CASE("after a line was given up its callback does not run") {
  Atomic<u32> calls{0};
  { const Result<IrqLine> line = IrqLine::claim(kLine, [&] { calls.fetch_add(1); }); }
  raise(kLine);
  CHECK(calls.load() == 0);
}

TEST_CASE("an interrupt callback schedules deferred work") {
  Atomic<u32> done{0};
  const Deferred work([&] { done.store(1); });
  Result<IrqLine> line = IrqLine::claim(kLine, [&] { work.schedule(); });
  REQUIRE(line.ok());
  raise(kLine);
  contract::until([&] { return done.load() == 1; });
  line.value().mask();
  line.value().unmask();
  CHECK(done.load() == 1);
}
