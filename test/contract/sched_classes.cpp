// SPDX-License-Identifier: MPL-2.0
// services/sched against the clock of a model: one queue, tasks that run, sleep and wake as each case says.
#include "helpers.h"
#include <services/sched/policy.h>

using namespace ostd;
using contract::go;
using svc::sched::CpuQueue;

namespace {
constexpr u32 kMost = 8;

// A CPU that exists in numbers only.
struct Model {
  CpuQueue queue{CpuId{0}};
  Atomic<u32> stop{0};
  Opt<Ref<Task>> tasks[kMost];
  SchedEntity e[kMost];
  u64 got[kMost] = {};
  u32 count = 0;
  u64 now = 1'000'000'000;

  ~Model() {
    stop.store(1);
    for (u32 i = 0; i < count; ++i) (void)queue.dequeue(**tasks[i], e[i]);
    for (u32 i = 0; i < count; ++i) (*tasks[i])->unpark();
    for (u32 i = 0; i < count; ++i) (void)(*tasks[i])->join();
  }
  u32 add(SchedParams p, EnqueueReason why = EnqueueReason::start) {
    const u32 i = count++;
    tasks[i] = go([this] { while (stop.load() == 0) (void)task::park(Wait::uninterruptible); }, {.name = "model"});
    e[i].params = p;
    queue.enqueue(*tasks[i], e[i], why);
    return i;
  }
  u32 pick() {
    const auto t = queue.pick(Instant{now});
    for (u32 i = 0; t && i < count; ++i)
      if ((*tasks[i]).same(*t)) return i;
    return kMost;
  }
  void run(u32 i, u64 ns) {
    now += ns;
    got[i] += ns;
    (void)queue.tick(e[i], Duration::nanos(static_cast<i64>(ns)));
  }
  // The picked task runs to its tick, over and over, for this long.
  void busy_for(u64 ns) {
    const u64 end = now + ns;
    while (now < end) {
      const u32 i = pick();
      REQUIRE(i != kMost);
      bool over = false;
      while (!over && now < end) {
        const u64 span = queue.next_tick(Instant{now}, e[i]).ns - now;
        now += span;
        got[i] += span;
        over = queue.tick(e[i], Duration::nanos(static_cast<i64>(span)));
      }
      queue.enqueue(*tasks[i], e[i], EnqueueReason::preempted);
    }
  }
};
constexpr SchedParams nice(i8 n) { return {.klass = SchedClass::fair, .nice = n}; }
// a : b is want thousandths, within 2 percent.
bool ratio(u64 a, u64 b, u64 want) { return a * 1000 > b * want * 98 / 100 && a * 1000 < b * want * 102 / 100; }
constexpr u64 kSecond = 1'000'000'000;
}  // namespace

TEST_CASE("equal tasks get equal shares, and weights divide the CPU") {
  Model m;
  for (u32 i = 0; i < 3; ++i) m.add(nice(0));
  m.add(nice(5));
  m.busy_for(20 * kSecond);
  CHECK(ratio(m.got[0], m.got[1], 1000));
  CHECK(ratio(m.got[0], m.got[2], 1000));
  CHECK(ratio(m.got[0], m.got[3], 3048));
}

TEST_CASE("a task that slept gets no more than its share when it comes back, and soon") {
  Model m;
  const u32 hog = m.add(nice(0)), other = m.add(nice(0)), sleeper = m.add(nice(0));
  CHECK(m.queue.dequeue(**m.tasks[sleeper], m.e[sleeper]));
  m.busy_for(10 * kSecond);
  const u64 before = m.got[hog];
  m.queue.enqueue(*m.tasks[sleeper], m.e[sleeper], EnqueueReason::wake);
  u64 waited = 0;
  while (m.got[sleeper] == 0) {
    m.busy_for(1'000'000);
    waited += 1'000'000;
  }
  CHECK(waited <= 12'000'000);
  m.busy_for(3 * kSecond);
  CHECK(ratio(m.got[sleeper], m.got[hog] - before, 1000));
  CHECK(ratio(m.got[other], m.got[hog], 1000));
}

TEST_CASE("yielding lets the others go first") {
  Model m;
  const u32 a = m.add(nice(0));
  const u32 b = m.add(nice(0));
  const u32 c = m.add(nice(0));
  u32 turns[kMost] = {};
  for (u32 i = 0; i < 300; ++i) {
    const u32 t = m.pick();
    ++turns[t];
    m.run(t, 1000);
    m.queue.enqueue(*m.tasks[t], m.e[t], EnqueueReason::yielded);
  }
  CHECK(turns[a] >= 90);
  CHECK(turns[b] >= 90);
  CHECK(turns[c] >= 90);
}

TEST_CASE("an idle task gives way at once and gets the rest") {
  Model m;
  const u32 idle = m.add({.klass = SchedClass::idle});
  CHECK(m.pick() == idle);
  const u32 normal = m.add(nice(0), EnqueueReason::wake);
  CHECK(m.queue.preempts(m.e[normal], m.e[idle]));
  CHECK(!m.queue.preempts(m.e[idle], m.e[normal]));
  m.queue.enqueue(*m.tasks[idle], m.e[idle], EnqueueReason::preempted);
  m.busy_for(20 * kSecond);
  CHECK(m.got[normal] > 100 * m.got[idle]);
  CHECK(m.got[idle] > 0);
}

TEST_CASE("real-time tasks go by priority, then in turn; they leave a twentieth to fair ones") {
  Model m;
  const u32 normal = m.add(nice(-20));
  const u32 low = m.add({.klass = SchedClass::fifo, .rt_priority = 1});
  const u32 high = m.add({.klass = SchedClass::fifo, .rt_priority = 50});
  const u32 late = m.add({.klass = SchedClass::fifo, .rt_priority = 50});
  CHECK(m.queue.preempts(m.e[high], m.e[low]));
  CHECK(m.queue.preempts(m.e[low], m.e[normal]));
  CHECK(!m.queue.preempts(m.e[late], m.e[high]));
  CHECK(!m.queue.preempts(m.e[normal], m.e[low]));
  CHECK(m.pick() == high);
  m.run(high, 1000);
  m.queue.enqueue(*m.tasks[high], m.e[high], EnqueueReason::preempted);
  CHECK(m.pick() == high);  // a preempted one stays before its equals
  m.queue.enqueue(*m.tasks[high], m.e[high], EnqueueReason::yielded);
  CHECK(m.pick() == late);
  m.queue.enqueue(*m.tasks[late], m.e[late], EnqueueReason::preempted);
  m.busy_for(10 * kSecond);
  CHECK(m.got[low] == 0);
  CHECK(m.got[normal] > 10 * kSecond * 4 / 100);
  CHECK(m.got[normal] < 10 * kSecond * 6 / 100);
}

TEST_CASE("round robin shares among equals only") {
  Model m;
  const SchedParams p{.klass = SchedClass::round_robin, .rt_priority = 9};
  m.add(p);
  m.add(p);
  m.add({.klass = SchedClass::round_robin, .rt_priority = 8});
  m.busy_for(6 * kSecond);
  CHECK(ratio(m.got[0], m.got[1], 1000));
  CHECK(m.got[2] == 0);
}

TEST_CASE("a stolen task keeps its lag and counts in its new queue") {
  Model m;
  CpuQueue other{CpuId{1}};
  m.add(nice(0));
  m.add(nice(0));
  m.busy_for(kSecond);
  const usize before = m.queue.length();
  const auto t = m.queue.steal(CpuId{0});
  CHECK(t.has_value());
  CHECK(m.queue.length() == before - 1);
  const u32 i = (*m.tasks[0]).same(*t) ? 0 : 1;
  CHECK(!other.tick(m.e[i], Duration::millis(1)));
  other.enqueue(*t, m.e[i], EnqueueReason::preempted);
  CHECK(other.length() == 1);
  CHECK(other.pick(Instant{m.now})->same(*t));
}
