// SPDX-License-Identifier: MPL-2.0
// Scheduler policy injection. A policy decides who runs next and where; it can be wrong, never unsound: ostd keeps each task
// on one CPU, checks what pick() returns, and falls back to its own FIFO for tasks that a policy lost.
#pragma once
#include <base/own.h>
#include <ostd/task.h>

namespace ostd {

// The policy's own numbers for one task, kept in the task. Touched only under the run-queue lock of the task's CPU.
struct SchedEntity {
  SchedParams params{};
  u64 vruntime = 0;
  u64 deadline = 0;
  i64 lag = 0;
  u64 slice_used_ns = 0;
  u64 policy_word = 0;
};

enum class EnqueueReason : u8 { wake, start, preempted, yielded, migrated };

// The queue of one CPU. All calls are made with that CPU's run-queue spinlock held and interrupts off: no sleeping, no locks.
class RunQueue {
 public:
  virtual ~RunQueue() = default;
  virtual void enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason why) = 0;
  // Takes the next task out of the queue; nothing: the CPU idles.
  virtual Opt<Ref<Task>> pick(Instant now) = 0;
  // Takes this task out (affinity or class changes); false: it was not there.
  virtual bool dequeue(const Task& task, SchedEntity& e) = 0;
  // The current task has run for `ran` since the last call; true: another one should run.
  virtual bool tick(SchedEntity& current, Duration ran) = 0;
  // A task just enqueued: should it replace the current one at once?
  virtual bool preempts(const SchedEntity& woken, const SchedEntity& current) = 0;
  // When the current task should be looked at again; never(): it may run until it blocks (tickless).
  virtual Instant next_tick(Instant now, const SchedEntity& current) = 0;
  virtual usize length() const = 0;
  // Gives one task away to `to`, an idle CPU that `allowed(task)`; nothing if it has none.
  virtual Opt<Ref<Task>> steal(CpuId to) = 0;
};

class SchedPolicy {
 public:
  virtual ~SchedPolicy() = default;
  virtual Own<RunQueue> make_run_queue(CpuId cpu) = 0;
};

namespace scheduler {
// Replaces the built-in FIFO policy; all tasks move over. Once, from the composition root.
void install(Own<SchedPolicy> policy);
}  // namespace scheduler

}  // namespace ostd
