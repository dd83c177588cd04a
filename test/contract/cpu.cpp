// SPDX-License-Identifier: MPL-2.0
// ostd/cpu.h: CPUs, sets, CPU-local data, calls.
#include "helpers.h"

using namespace ostd;

TEST_CASE("the running CPU is one of those that are there") {
  CHECK(cpu::count() >= 1);
  CHECK(cpu::count() <= kMaxCpus);
  CHECK(static_cast<u32>(cpu::current()) < cpu::count());
  CHECK(CpuSet::all().has(cpu::current()));
  CHECK(static_cast<u32>(__builtin_popcountll(CpuSet::all().bits())) == cpu::count());
}

TEST_CASE("a CPU set is a set") {
  CpuSet s;
  CHECK(s.empty());
  s.add(CpuId{3});
  s.add(CpuId{63});
  CHECK(s.has(CpuId{3}));
  CHECK(!s.has(CpuId{4}));
  CHECK((s & CpuSet::only(CpuId{63})) == CpuSet::only(CpuId{63}));
  s.remove(CpuId{3});
  s.remove(CpuId{63});
  CHECK(s == CpuSet{});
}

TEST_CASE("call_on runs the function on every CPU of the set and waits") {
  Atomic<u64> seen{0};
  cpu::call_on(CpuSet::all(), [&] { seen.fetch_or(CpuSet::only(cpu::current()).bits()); });
  CHECK(seen.load() == CpuSet::all().bits());
}

TEST_CASE("call_on with the own CPU alone runs there") {
  const contract::OnCpu here(cpu::count() - 1);
  u32 where = ~0U;
  cpu::call_on(CpuSet::only(cpu::current()), [&] { where = static_cast<u32>(cpu::current()); });
  CHECK(where == cpu::count() - 1);
}

TEST_CASE("call_on with no CPU returns") {
  u32 ran = 0;
  cpu::call_on(CpuSet{}, [&] { ++ran; });
  CHECK(ran == 0);
}

TEST_CASE("CPUs that call each other do not block") {
  Atomic<u32> count{0};
  constexpr u32 kTasks = 4;
  contract::in_parallel(kTasks, [&](u32) {
    for (u32 i = 0; i < 50; ++i) cpu::call_on(CpuSet::all(), [&] { count.fetch_add(1); });
  });
  CHECK(count.load() == kTasks * 50 * cpu::count());
}

TEST_CASE("CPU-local data is apart for each CPU") {
  const CpuLocal<Atomic<u32>> slots;
  contract::in_parallel(cpu::count() < 16 ? cpu::count() : 16, [&](u32) {
    for (u32 i = 0; i < 100; ++i) slots.with([](Atomic<u32>& n) { n.fetch_add(1); });
  });
  u32 sum = 0;
  for (u32 i = 0; i < kMaxCpus; ++i) sum += slots.peek(CpuId{i}, [](const Atomic<u32>& n) { return n.load(); });
  CHECK(sum == 100 * (cpu::count() < 16 ? cpu::count() : 16));
  CHECK(slots.peek(CpuId{0}, [](const Atomic<u32>& n) { return n.load(); }) == 100);
}

TEST_CASE("the times of a CPU grow, and are 0 for one that is not there") {
  const CpuId here = cpu::current();
  const cpu::Times before = cpu::times(here);
  const Instant end = time::now() + Duration::millis(20);
  while (time::now() < end) task::yield();
  const cpu::Times after = cpu::times(here);
  CHECK(after.user.ns + after.nice.ns + after.system.ns + after.idle.ns > before.user.ns + before.nice.ns + before.system.ns + before.idle.ns);
  CHECK(after.system.ns >= before.system.ns);
  CHECK(after.switches >= before.switches);
  const cpu::Times none = cpu::times(CpuId{kMaxCpus - 1});
  if (cpu::count() < kMaxCpus) CHECK(none.system.ns + none.idle.ns + none.user.ns == 0);
}

TEST_CASE("the processor says what it is") {
  const cpu::CpuidRegs basic = cpu::cpuid(0);
  CHECK(basic.a >= 1);
  CHECK((cpu::cpuid(1).d & 1U << 26) != 0);  // SSE2: part of x86-64
  CHECK((cpu::cpuid(0x8000'0001).d & 1U << 29) != 0);  // long mode
}

TEST_CASE("the names of the processor's bugs have a blank before each") {
  const String bugs = cpu::bugs();
  CHECK((bugs.empty() || bugs.view().front() == ' '));
  for (usize i = 1; i < bugs.size(); ++i) CHECK(!(bugs.view()[i] == ' ' && bugs.view()[i - 1] == ' '));
}
