// SPDX-License-Identifier: MPL-2.0
// ostd/scheduler.h: TaskTree against a plain list that is searched from end to end.
#include "helpers.h"
#include <base/vec.h>
#include <ostd/scheduler.h>

using namespace ostd;
using contract::go;

namespace {
constexpr u32 kTasks = 40;

struct Plain {
  u64 key = 0, rank = 0, order = 0;
  bool in = false;
};

// Entities of tasks that are never queued by the core, since the tree is ours.
struct Bench {
  Atomic<u32> stop{0};
  Opt<Ref<Task>> tasks[kTasks];
  SchedEntity entities[kTasks];
  Plain plain[kTasks];
  TaskTree tree;
  u64 order = 0;

  Bench() {
    for (u32 i = 0; i < kTasks; ++i)
      tasks[i] = go([this] { while (stop.load() == 0) (void)task::park(Wait::uninterruptible); },
                    {.name = "in a tree", .affinity = CpuSet::only(CpuId{i % cpu::count()})});
  }
  ~Bench() {
    stop.store(1);
    for (auto& t : tasks) (*t)->unpark();
    for (auto& t : tasks) (void)(*t)->join();
  }
  u32 index_of(const Ref<Task>& t) const {
    for (u32 i = 0; i < kTasks; ++i)
      if ((*tasks[i]).same(t)) return i;
    return kTasks;
  }
  void add(u32 i, u64 key, u64 rank) {
    CHECK(tree.insert(*tasks[i], entities[i], key, rank) == !plain[i].in);
    if (!plain[i].in) plain[i] = {key, rank, order++, true};
  }
  bool earlier(u32 a, u32 b) const {
    const i64 d = static_cast<i64>(plain[a].key - plain[b].key);
    return d < 0 || (d == 0 && plain[a].order < plain[b].order);
  }
  template <class F>
  u32 first(F f) const {
    u32 best = kTasks;
    for (u32 i = 0; i < kTasks; ++i)
      if (plain[i].in && f(plain[i], i) && (best == kTasks || earlier(i, best))) best = i;
    return best;
  }
  void check_taken(const Opt<Ref<Task>>& t, const SchedEntity* e, u32 want) {
    CHECK(t.has_value() == (want != kTasks));
    if (!t || want == kTasks) return;
    CHECK(index_of(*t) == want);
    CHECK(e == &entities[want]);
    plain[want].in = false;
  }
};
}  // namespace

TEST_CASE("a tree of tasks finds what a search from end to end finds") {
  Bench b;
  u64 state = 42;
  const auto random = [&](u64 below) {
    state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    return (state >> 33) % below;
  };
  // Keys and ranks that wrap around.
  const u64 base = ~0ULL - 20;
  for (u32 step = 0; step < 4000; ++step) {
    const u32 i = static_cast<u32>(random(kTasks));
    const SchedEntity* e = nullptr;
    const auto taken = [&](SchedEntity& x) { e = &x; };
    switch (random(6)) {
      case 0: case 1: case 2: b.add(i, base + random(40), base + random(40)); break;
      case 3: {
        CHECK(b.tree.contains(b.entities[i]) == b.plain[i].in);
        CHECK(b.tree.remove(b.entities[i]).has_value() == b.plain[i].in);
        b.plain[i].in = false;
        break;
      }
      case 4: {
        const u64 limit = base + random(40);
        const auto t = b.tree.take_first_within(limit, taken);
        b.check_taken(t, e, b.first([&](const Plain& p, u32) { return static_cast<i64>(p.rank - limit) <= 0; }));
        break;
      }
      default: {
        const CpuId cpu{static_cast<u32>(random(cpu::count()))};
        const auto t = b.tree.take_first_for(cpu, kTasks, taken);
        b.check_taken(t, e, b.first([&](const Plain&, u32 n) { return n % cpu::count() == static_cast<u32>(cpu); }));
      }
    }
    usize in = 0;
    for (const Plain& p : b.plain) in += p.in;
    CHECK(b.tree.size() == in);
    const u32 head = b.first([](const Plain&, u32) { return true; });
    CHECK(b.tree.first_key().has_value() == (head != kTasks));
    if (head != kTasks) CHECK(*b.tree.first_key() == b.plain[head].key);
  }
}

TEST_CASE("equal keys come out in the order they went in; few tries may find nothing") {
  Bench b;
  for (u32 i = 0; i < kTasks; ++i) b.add(i, 7, i);
  const auto ignore = [](SchedEntity&) {};
  // Task 0 may run on CPU 0 only: with one try, another CPU finds nothing.
  if (cpu::count() > 1) CHECK(!b.tree.take_first_for(CpuId{1}, 1, ignore));
  for (u32 i = 0; i < kTasks; ++i) {
    const auto t = b.tree.take_first(ignore);
    CHECK(t && b.index_of(*t) == i);
  }
  CHECK(b.tree.empty());
  CHECK(!b.tree.take_first(ignore));
}
