// SPDX-License-Identifier: MPL-2.0
// Changing where and how a task is scheduled while it may be running, queued or asleep.
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

// Runs f(cpu) under the run-queue lock of the task's CPU.
template <class F>
void with_queue_of(Task::Core& t, F f) {
  IrqOff off;
  for (;;) {
    const u32 index = t.cpu.load(Order::relaxed);
    PerCpu& cpu = cpus[index];
    cpu.ready.lock.lock();
    const bool right = t.cpu.load(Order::relaxed) == index;
    if (right) f(cpu);
    cpu.ready.lock.unlock();
    if (right) return;
  }
}

// Takes a queued task out of the list and the policy.
void take_out(PerCpu& cpu, Task::Core& t) {
  if (cpu.ready.policy) cpu.ready.policy->dequeue(*t.task, t.entity);
  unlink_locked(cpu, t);
}
}  // namespace

void ostd::Task::set_affinity(CpuSet allowed) const {
  Core& t = *core_;
  OSTD_CHECK(!(allowed & CpuSet::all()).empty() && "affinity names a CPU that is online");
  t.affinity.store(allowed.bits(), Order::seq_cst);
  bool move = false;
  u32 resched = kMaxCpus;
  with_queue_of(t, [&](PerCpu& cpu) {
    if (allowed.has(CpuId{cpu.index})) return;
    // On a CPU: that CPU moves it when it switches away. Queued while still on its CPU: whoever picks it moves it.
    if (cpu.ready.running == &t) resched = cpu.index;
    else if (t.on_queue == OnQueue::queued && !t.on_cpu.load(Order::acquire)) {
      take_out(cpu, t);
      move = true;
    }
  });
  if (move) make_ready(t, EnqueueReason::migrated);
  if (resched != kMaxCpus) request(resched, kResched);
  if (PerCpu& c = *target::this_cpu(); c.preempt_count == 0 && c.pending.load(Order::relaxed) != 0) preempt_slow();
}

ostd::CpuSet ostd::Task::affinity() const { return CpuSet::from_bits(core_->affinity.load(Order::relaxed)); }

void ostd::Task::set_sched(SchedParams p) const {
  Core& t = *core_;
  u32 resched = kMaxCpus;
  with_queue_of(t, [&](PerCpu& cpu) {
    const bool queued = t.on_queue == OnQueue::queued;
    if (queued) take_out(cpu, t);
    t.entity.params = p;
    if (queued) enqueue_locked(cpu, t, EnqueueReason::migrated);
    if (queued || cpu.ready.running == &t) resched = cpu.index;
  });
  // The policy decides anew with what it now knows.
  if (resched != kMaxCpus) request(resched, kResched);
}

ostd::SchedParams ostd::Task::sched() const {
  SchedParams p;
  with_queue_of(*core_, [&](PerCpu&) { p = core_->entity.params; });
  return p;
}
