// SPDX-License-Identifier: MPL-2.0
// Deferred work: a list for each CPU, touched by that CPU alone with interrupts off. A destructor on another CPU cannot reach the
// list, so it marks the node ended; whoever finds it in the list drops it.
#include "sched.h"
#include <ostd/irq.h>

namespace {
using namespace ostd;
using namespace ostd::common;

// DeferredNode::state: a combination.
constexpr u32 kQueued = 1;
constexpr u32 kRunning = 2;
constexpr u32 kGone = 4;  // its owner has let go of it: the CPU that has it frees it
}  // namespace

struct ostd::Deferred::Impl {
  explicit Impl(Fn<void()> fn) : f(std::move(fn)) {
    // SAFETY: node is the first member.
    node.run = [](DeferredNode& n) { reinterpret_cast<Impl&>(n).f(); };
    node.drop = [](DeferredNode& n) { delete &reinterpret_cast<Impl&>(n); };
  }
  DeferredNode node;
  Fn<void()> f;
};

ostd::Deferred::Deferred(Fn<void()> f) : impl_(new Impl(std::move(f))) {}

ostd::Deferred::~Deferred() {
  u32 old = impl_->node.state.fetch_or(kGone, Order::acq_rel);
  if (!(old & (kQueued | kRunning))) {
    delete impl_;
    return;
  }
  // Queued or running: that CPU frees it. Wait for one that runs elsewhere, since f may use what is destroyed after us.
  if (!(old & kRunning)) return;
  const PerCpu& c = *target::this_cpu();
  if (c.in_deferred && c.deferred_running == &impl_->node) return;
  // The runner cannot free it before it has seen kGone, and then counts itself out in deferred_running.
  for (u32 i = 0; i < cpu_total(); ++i)
    while (__atomic_load_n(&cpus[i].deferred_running, __ATOMIC_ACQUIRE) == &impl_->node) wait_politely();
}

void ostd::Deferred::schedule() const {
  IrqOff off;
  // acq_rel: what was written before is seen by f.
  if (impl_->node.state.fetch_or(kQueued, Order::acq_rel) & (kQueued | kGone)) return;
  PerCpu& c = *target::this_cpu();
  impl_->node.next = nullptr;
  (c.deferred_tail ? c.deferred_tail->next : c.deferred_head) = &impl_->node;
  c.deferred_tail = &impl_->node;
  request_here(kDeferred);
}

void ostd::common::run_deferred_list(PerCpu& c) {
  target::irq_disable();
  DeferredNode* list = c.deferred_head;
  c.deferred_head = c.deferred_tail = nullptr;
  DeferredNode* again = nullptr;
  target::irq_enable();
  while (list) {
    DeferredNode& n = *list;
    list = n.next;
    u32 state = n.state.load(Order::acquire);
    if (state & kRunning) {
      // Scheduled here while it still runs on another CPU: one at a time.
      n.next = again;
      again = &n;
      continue;
    }
    __atomic_store_n(&c.deferred_running, &n, __ATOMIC_RELEASE);
    // From queued to running in one step, so that it can be scheduled anew from now on.
    while (!(state & kGone) && !n.state.compare_exchange(state, kRunning, Order::acq_rel)) {}
    if (!(state & kGone)) {
      n.run(n);
      state = n.state.fetch_and(~kRunning, Order::acq_rel);
      // Scheduled again meanwhile: it is in a list that frees it later.
      if (state & kQueued) state &= ~kGone;
    }
    if (state & kGone) n.drop(n);
    __atomic_store_n(&c.deferred_running, static_cast<DeferredNode*>(nullptr), __ATOMIC_RELEASE);
  }
  if (!again) return;
  target::irq_disable();
  while (again) {
    DeferredNode* n = again;
    again = n->next;
    n->next = c.deferred_head;
    c.deferred_head = n;
    if (!c.deferred_tail) c.deferred_tail = n;
  }
  request_here(kDeferred);
  target::irq_enable();
}
