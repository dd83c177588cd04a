// SPDX-License-Identifier: MPL-2.0
// The queue of ready tasks of one CPU: a FIFO list that is always kept, and the installed policy's queue beside it. What the
// policy returns is believed only when the list agrees. While the policy's queue is shorter than the list, it has lost tasks: then
// the list's order counts, until the lost ones have come to its head and run.
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

bool allowed_on(const Task::Core& t, u32 cpu) { return t.affinity.load(Order::relaxed) >> cpu & 1; }

// A task the policy named, when it really waits in this CPU's queue.
Task::Core* believed(PerCpu& cpu, const Opt<Ref<Task>>& named) {
  if (!named) return nullptr;
  Task::Core& t = (*named)->core();
  // Both fields are stable here: a task enters or leaves this queue only under its lock.
  return t.cpu.load(Order::relaxed) == cpu.index && t.on_queue == OnQueue::queued ? &t : nullptr;
}
bool lost_some(const ReadyQueue& q) { return q.policy->length() < q.length.load(Order::relaxed); }
// Takes a task out of the policy's queue if it is there.
Task::Core* without_policy(const ReadyQueue& q, Task::Core* t) {
  if (t && q.policy) q.policy->dequeue(*t->task, t->entity);
  return t;
}
}  // namespace

void ostd::common::enqueue_locked(PerCpu& cpu, Task::Core& t, EnqueueReason why) {
  ReadyQueue& q = cpu.ready;
  t.on_queue = OnQueue::queued;
  t.queue_next = nullptr;
  t.queue_prev = q.tail;
  (q.tail ? q.tail->queue_next : q.head) = &t;
  q.tail = &t;
  q.length.store(q.length.load(Order::relaxed) + 1, Order::relaxed);
  if (q.policy) {
    detail::RefAccess::retain(*t.task);
    q.policy->enqueue(detail::RefAccess::adopt(static_cast<const Task*>(t.task)), t.entity, why);
  }
}

void ostd::common::unlink_locked(PerCpu& cpu, Task::Core& t) {
  ReadyQueue& q = cpu.ready;
  (t.queue_prev ? t.queue_prev->queue_next : q.head) = t.queue_next;
  (t.queue_next ? t.queue_next->queue_prev : q.tail) = t.queue_prev;
  t.queue_next = t.queue_prev = nullptr;
  t.on_queue = OnQueue::none;
  q.length.store(q.length.load(Order::relaxed) - 1, Order::relaxed);
}

ostd::Task::Core* ostd::common::pick_locked(PerCpu& cpu, Instant now, Task::Core* prev, Task::Core*& misplaced) {
  ReadyQueue& q = cpu.ready;
  while (q.head) {
    Task::Core* t = nullptr;
    // A policy may name wrong tasks for ever: look as often as there are tasks, then go on without it.
    if (q.policy && !lost_some(q))
      for (u32 tries = q.length.load(Order::relaxed); tries != 0 && !t; --tries) {
        const auto named = q.policy->pick(now);
        if (!named) break;
        t = believed(cpu, named);
      }
    if (!t) t = without_policy(q, q.head);
    unlink_locked(cpu, *t);
    if (allowed_on(*t, cpu.index)) return t;
    if (t == prev) {
      t->leave_cpu = true;
    } else {
      t->queue_next = misplaced;
      misplaced = t;
    }
  }
  return nullptr;
}

ostd::Task::Core* ostd::common::steal_for(PerCpu& cpu) {
  for (u32 i = 1; i < cpu_total(); ++i) {
    PerCpu& from = cpus[(cpu.index + i) % cpu_total()];
    if (from.ready.length.load(Order::relaxed) == 0 || !from.ready.lock.try_lock()) continue;
    // on_cpu: its stack is still in use; acquire: its context is seen once that is over.
    const auto free_here = [&](const Task::Core& t) { return t.on_cpu.load(Order::acquire) == 0 && allowed_on(t, cpu.index); };
    Task::Core* t = nullptr;
    if (from.ready.policy && !lost_some(from.ready)) {
      const auto named = from.ready.policy->steal(CpuId{cpu.index});
      t = believed(from, named);
      if (t) unlink_locked(from, *t);
      if (t && !free_here(*t)) {
        enqueue_locked(from, *t, EnqueueReason::migrated);
        t = nullptr;
      }
    } else {
      for (t = from.ready.head; t && !free_here(*t);) t = t->queue_next;
      if (without_policy(from.ready, t)) unlink_locked(from, *t);
    }
    if (t) t->cpu.store(cpu.index, Order::relaxed);
    from.ready.lock.unlock();
    if (t) return t;
  }
  return nullptr;
}

void ostd::scheduler::install(Own<SchedPolicy> policy) {
  // The policy lives as long as the machine: its queues may refer to it.
  SchedPolicy& p = *policy.release();
  for (u32 i = 0; i < cpu_total(); ++i) {
    RunQueue* q = p.make_run_queue(CpuId{i}).release();
    PerCpu& cpu = cpus[i];
    IrqOff off;
    cpu.ready.lock.lock();
    OSTD_CHECK(!cpu.ready.policy && "a scheduling policy is installed once");
    Task::Core* t = cpu.ready.head;
    cpu.ready.head = cpu.ready.tail = nullptr;
    cpu.ready.length.store(0, Order::relaxed);
    cpu.ready.policy = q;
    while (t) {
      Task::Core* next = t->queue_next;
      enqueue_locked(cpu, *t, EnqueueReason::migrated);
      t = next;
    }
    cpu.ready.lock.unlock();
    request(i, kResched);
  }
}
