// SPDX-License-Identifier: MPL-2.0
// Read-copy-update. A read-side section has preemption off, so a CPU that passes a preemption point, switches, idles or returns to
// user mode runs none. A grace period asks every CPU that is not idle to report such a point (kRcuReport in its pending word);
// CPUs that stay in user mode are interrupted after a while.
// Lock order: gp_lock, then timer locks. Interrupts are off under it.
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

constexpr Duration kPatience = Duration::millis(2);

target::RawSpin gp_lock;
constinit Atomic<u64> started{0};  // number of the last grace period begun
constinit Atomic<u64> done{0};     // number of the last one that ended
constinit u64 wanted = 0;          // gp_lock: a period up to this number was asked for
constinit Atomic<u64> missing{0};  // CPUs that have not reported yet

void hurry(TimerNode&);
[[clang::no_destroy]] constinit TimerNode patience{&hurry};

// gp_lock held, none in progress.
bool begin_locked() {
  started.store(started.load(Order::relaxed) + 1, Order::relaxed);
  // What the callbacks' owners have unpublished is seen by every CPU that is found idle here and wakes later.
  full_fence();
  u64 mask = 0;
  for (u32 i = 0; i < cpu_total(); ++i)
    if (!cpus[i].rcu_idle.load(Order::seq_cst)) mask |= 1ULL << i;
  // release: a CPU that clears its bit has seen the new world.
  missing.store(mask, Order::seq_cst);
  for (u64 m = mask; m != 0; m &= m - 1) cpus[__builtin_ctzll(m)].pending.fetch_or(kRcuReport, Order::release);
  if (mask != 0) timer_arm(patience, Instant{target::clock_ns()} + kPatience);
  return mask == 0;
}

// gp_lock held: the period in progress is over. Goes on with the next one if somebody wants it.
void complete_locked() {
  do {
    done.store(started.load(Order::relaxed), Order::release);
    for (u32 i = 0; i < cpu_total(); ++i) {
      const u64 w = cpus[i].rcu_wait_for.load(Order::acquire);
      if (w != 0 && w <= done.load(Order::relaxed)) request(i, kRcuCallbacks);
    }
  } while (done.load(Order::relaxed) < wanted && begin_locked());
}

struct GpLocked {
  GpLocked() { gp_lock.lock(); }
  ~GpLocked() { gp_lock.unlock(); }
  IrqOff off;
};

void hurry(TimerNode&) {
  const u64 m = missing.load(Order::acquire);
  if (m == 0) return;
  for (u64 left = m; left != 0; left &= left - 1) {
    const u32 i = static_cast<u32>(__builtin_ctzll(left));
    // Going idle or to user mode it looks at pending; only where it is in user mode already nothing would.
    if (i != this_index()) target::send_ipi(i);
  }
  timer_arm(patience, Instant{target::clock_ns()} + kPatience);
}

void append(RcuList& l, RcuNode& n) {
  n.next = nullptr;
  (l.tail ? l.tail->next : l.head) = &n;
  l.tail = &n;
}

// Interrupts off: what has come together since waits for the next full grace period.
void advance(PerCpu& c) {
  if (c.rcu_waiting.head || !c.rcu_next.head) return;
  c.rcu_waiting = c.rcu_next;
  c.rcu_next = {};
  GpLocked l;
  const bool idle = started.load(Order::relaxed) == done.load(Order::relaxed);
  // One in progress began before these callbacks came: only the one after it counts.
  const u64 need = started.load(Order::relaxed) + 1;
  c.rcu_wait_for.store(need, Order::release);
  if (need > wanted) wanted = need;
  if (idle && begin_locked()) complete_locked();
}

void after_grace_period(RcuNode& n) {
  IrqOff off;
  PerCpu& c = *target::this_cpu();
  append(c.rcu_next, n);
  advance(c);
}

struct DeferNode : RcuNode {
  Fn<void()> f;
};
struct SyncNode : RcuNode {
  Task* task = nullptr;
  Atomic<u32> over{0};
};
struct ReleaseNode : RcuNode {
  const RefCounted* object = nullptr;
};

// References given back after a grace period: dropped by a task, because destructors may sleep.
constinit Atomic<u64> to_release{0};  // ReleaseNode*, a stack
constinit Task::Core* reaper = nullptr;
}  // namespace

void ostd::common::rcu_report(PerCpu& c) {
  IrqOff off;
  c.pending.fetch_and(~kRcuReport, Order::acquire);
  const u64 bit = 1ULL << c.index;
  if (!(missing.load(Order::acquire) & bit)) return;
  // acq_rel: reads made before come before the end of the grace period.
  const u64 old = missing.fetch_and(~bit, Order::acq_rel);
  if (old != bit) return;
  GpLocked l;
  // Nobody else begins one while this one is in progress, so it is still the one that was completed here.
  complete_locked();
}

void ostd::common::rcu_run_callbacks(PerCpu& c) {
  RcuNode* list = nullptr;
  {
    IrqOff off;
    const u64 w = c.rcu_wait_for.load(Order::relaxed);
    // acquire: every read-side section that could see the objects is over.
    if (w == 0 || w > done.load(Order::acquire)) return;
    list = c.rcu_waiting.head;
    c.rcu_waiting = {};
    c.rcu_wait_for.store(0, Order::relaxed);
    advance(c);
  }
  while (list) {
    RcuNode* next = list->next;
    list->run(*list);
    list = next;
  }
}

void ostd::rcu::defer(Fn<void()> f) {
  auto* n = new DeferNode;
  n->f = std::move(f);
  n->run = [](RcuNode& r) {
    auto* d = static_cast<DeferNode*>(&r);
    d->f();
    delete d;
  };
  after_grace_period(*n);
}

void ostd::rcu::synchronize() {
  check_may_sleep("rcu::synchronize: no spinlock, guard or read-side section is held");
  SyncNode n;
  n.task = target::this_cpu()->current->task;
  n.run = [](RcuNode& r) {
    auto& s = static_cast<SyncNode&>(r);
    const Task& t = *s.task;
    detail::RefAccess::retain(t);  // the node and the task may go once over is set
    s.over.store(1, Order::release);
    common::unpark(t.core());
    detail::RefAccess::release(t);
  };
  after_grace_period(n);
  // Uninterruptible: the callback refers to this stack.
  while (!n.over.load(Order::acquire)) (void)common::sleep(kToken, Wait::uninterruptible, {});
}

void ostd::detail::rcu_release(const RefCounted& o) {
  auto* n = new ReleaseNode;
  n->object = &o;
  n->run = [](RcuNode& r) {
    u64 head = to_release.load(Order::relaxed);
    do {
      // SAFETY: to_release is 0 or the head of a list of ReleaseNodes that nobody else refers to.
      r.next = reinterpret_cast<RcuNode*>(head);
      // release: the node is complete for the reaper.
    // SAFETY: as above; the node belongs to the list from here on.
    } while (!to_release.compare_exchange(head, reinterpret_cast<u64>(&r), Order::release));
    common::unpark(*reaper);
  };
  after_grace_period(*n);
}

void ostd::common::start_reaper() {
  const Ref<Task> t = spawn_reserved({.name = "rcu"}, {}, [] {
    for (;;) {
      // SAFETY: a list of ReleaseNodes, ours alone from now on.
      auto* list = reinterpret_cast<RcuNode*>(to_release.exchange(0, Order::acquire));
      if (!list) (void)common::sleep(kToken, Wait::uninterruptible, {});  // a service of the machine, never ends
      while (list) {
        auto* n = static_cast<ReleaseNode*>(list);
        list = list->next;
        detail::RefAccess::release(*n->object);
        delete n;
        task::preempt_point();
      }
    }
  });
  reaper = &t->core();  // it never ends and so keeps itself
}
