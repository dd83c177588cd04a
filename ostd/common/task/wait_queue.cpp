// SPDX-License-Identifier: MPL-2.0
// WaitQueue. Nodes lie on the stacks of the waiters; spin_ guards the list, and a waiter leaves its node only under spin_, so a
// waker may use it there.
// No wake-up is lost: the waiter is in the list (and counted) before it looks at its condition, the waker has changed the
// condition before it looks at the count, and a full fence stands between on both sides. `woken` is kept apart from the task's
// token, so that a condition which itself sleeps (for a mutex) does not swallow a wake-up.
#include "lock_check.h"
#include "sched.h"

struct ostd::WaitQueue::Node {
  Task::Core* task = nullptr;  // null: a hook
  const WaitHook* hook = nullptr;
  Node* next = nullptr;
  Node* prev = nullptr;
  bool exclusive = false;
  Atomic<u32> woken{0};
};

struct ostd::WaitQueueCore {
  using Node = WaitQueue::Node;

  // Interrupts are off under spin_: wakers may run in interrupt callbacks too.
  struct Locked {
    explicit Locked(const WaitQueue& queue) : q(queue) { detail::spin_acquire(q.spin_, kRankWaitQueue, IrqMode::off, irqs); }
    ~Locked() { detail::spin_release(q.spin_, kRankWaitQueue, IrqMode::off, irqs); }
    Locked(const Locked&) = delete;
    const WaitQueue& q;
    bool irqs = false;
  };

  static Node* head(const WaitQueue& q) { return static_cast<Node*>(q.head_); }
  static void add(const WaitQueue& q, Node& n) {
    n.prev = static_cast<Node*>(q.tail_);
    n.next = nullptr;
    if (n.prev) n.prev->next = &n;
    else q.head_ = &n;
    q.tail_ = &n;
    // seq_cst: a full barrier before the waiter looks at its condition.
    q.waiters_.fetch_add(1, Order::seq_cst);
  }
  static void remove(const WaitQueue& q, Node& n) {
    if (n.prev) n.prev->next = n.next;
    else q.head_ = n.next;
    if (n.next) n.next->prev = n.prev;
    else q.tail_ = n.prev;
    q.waiters_.fetch_sub(1, Order::relaxed);
  }

  static void wake(const WaitQueue& q, u32 key, bool all) {
    // The caller's change of the condition comes before the look at the count.
    common::full_fence();
    if (q.waiters_.load(Order::relaxed) == 0) [[likely]] return;
    Locked l(q);
    bool exclusive_left = !all;
    bool exclusive_done = false;
    for (Node *n = head(q), *next; n; n = next) {
      next = n->next;
      if (n->hook) {
        common::PerCpu& c = *target::this_cpu();
        ++c.wait_hook_depth;
        n->hook->woken(key);
        --c.wait_hook_depth;
        continue;
      }
      if (n->exclusive && exclusive_left) {
        // At most one that has not been woken yet.
        if (exclusive_done || n->woken.load(Order::relaxed)) continue;
        exclusive_done = true;
      }
      n->woken.store(1, Order::release);
      common::unpark(*n->task);
    }
  }

  static Status wait(const WaitQueue& q, Wait how, FnRef<bool()> ready, Opt<Instant> deadline, bool exclusive) {
    common::check_may_sleep("waiting: no spinlock or guard is held and this is not an interrupt or deferred work");
    if (ready()) return {};
    Node me;
    me.task = target::this_cpu()->current;
    me.exclusive = exclusive;
    { Locked l(q); add(q, me); }
    Status s;
    for (;;) {
      me.woken.store(0, Order::seq_cst);
      if (ready()) {
        s = {};
        break;
      }
      if (!s.ok()) break;
      // acquire: with the waker's writes.
      if (me.woken.load(Order::acquire)) continue;
      s = common::sleep(common::kToken, how, deadline);
    }
    { Locked l(q); remove(q, me); }
    // A wake-up that came after the last look was meant for another exclusive waiter: this one has what it wanted or gives up.
    if (exclusive && me.woken.load(Order::relaxed)) q.wake_one();
    return s;
  }
};

ostd::WaitQueue::~WaitQueue() {
  while (head_) {
    Node* n = WaitQueueCore::head(*this);
    OSTD_CHECK(n->hook && "nobody waits on a queue that is destroyed");
    WaitQueueCore::remove(*this, *n);
    detail::RefAccess::release(*n->hook);
    delete n;
  }
}

ostd::Status ostd::WaitQueue::wait_until(Wait how, FnRef<bool()> ready, Opt<Instant> deadline) const {
  return WaitQueueCore::wait(*this, how, ready, deadline, false);
}
ostd::Status ostd::WaitQueue::wait_exclusive(Wait how, FnRef<bool()> ready, Opt<Instant> deadline) const {
  return WaitQueueCore::wait(*this, how, ready, deadline, true);
}
void ostd::WaitQueue::wake_one(u32 key) const { WaitQueueCore::wake(*this, key, false); }
void ostd::WaitQueue::wake_all(u32 key) const { WaitQueueCore::wake(*this, key, true); }
bool ostd::WaitQueue::has_waiters() const { return waiters_.load(Order::relaxed) != 0; }

void ostd::WaitQueue::add_hook(Ref<WaitHook> hook) const {
  auto* n = new Node;
  detail::RefAccess::retain(*hook);
  n->hook = &*hook;
  WaitQueueCore::Locked l(*this);
  WaitQueueCore::add(*this, *n);
}

void ostd::WaitQueue::remove_hook(const WaitHook& hook) const {
  Node* found = nullptr;
  {
    WaitQueueCore::Locked l(*this);
    for (Node* n = WaitQueueCore::head(*this); n && !found; n = n->next)
      if (n->hook == &hook) found = n;
    if (found) WaitQueueCore::remove(*this, *found);
  }
  if (!found) return;
  detail::RefAccess::release(hook);
  delete found;
}
