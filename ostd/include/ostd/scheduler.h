// SPDX-License-Identifier: MPL-2.0
// Scheduler policy injection. A policy decides who runs next and where; it can be wrong, never unsound: ostd keeps each task
// on one CPU, checks what pick() returns, and falls back to its own FIFO for tasks that a policy lost.
#pragma once
#include <base/fn.h>
#include <base/opt.h>
#include <base/own.h>
#include <ostd/cpu.h>
#include <ostd/task.h>

namespace ostd {

class TaskTree;
struct SchedEntity;

// A place in a TaskTree, which alone reads and changes it.
class OSTD_OWNED TaskTreeNode {
 public:
  constexpr TaskTreeNode() = default;
  TaskTreeNode(const TaskTreeNode&) = delete;

 private:
  friend class TaskTree;
  u64 owner_ = 0;                 // address of the tree it is in
  SchedEntity* left_ = nullptr;
  SchedEntity* right_ = nullptr;
  u64 key_ = 0, order_ = 0;       // position; order_ tells equal keys apart
  u64 rank_ = 0, least_rank_ = 0; // own, and the least in the subtree
  u32 height_ = 0;                // a random number: heap order on it keeps the tree balanced
  Opt<Ref<Task>> task_{};
};

// The policy's own numbers for one task, kept in the task. Touched only under the run-queue lock of the task's CPU.
struct SchedEntity {
  SchedParams params{};
  u64 vruntime = 0;
  u64 deadline = 0;
  i64 lag = 0;
  u64 slice_used_ns = 0;
  u64 policy_word = 0;
  TaskTreeNode node{};
};

// Tasks in the order of a key, searched by a second number, their rank. Intrusive: nothing is allocated, so it can be used under
// run-queue locks. Keys and ranks are compared by their signed difference: they may wrap around, but must stay within 2^63 of
// each other. All operations take O(log n) expected. Not synchronised.
class OSTD_OWNED TaskTree {
 public:
  constexpr TaskTree() = default;
  TaskTree(const TaskTree&) = delete;
  ~TaskTree();

  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool contains(const SchedEntity& e) const;
  // After the tasks with the same key. The entity stays where it is until it is taken out; false: it is in a tree already.
  bool insert(Ref<Task> task, SchedEntity& e, u64 key, u64 rank);
  // Nothing: it was not in this tree.
  Opt<Ref<Task>> remove(SchedEntity& e);
  // The key of the first task.
  Opt<u64> first_key() const;
  // Takes out the first task whose rank is at most `rank`, or the first of all; `taken` is called with its entity.
  Opt<Ref<Task>> take_first_within(u64 rank, OSTD_NOESCAPE FnRef<void(SchedEntity&)> taken);
  Opt<Ref<Task>> take_first(OSTD_NOESCAPE FnRef<void(SchedEntity&)> taken);
  // Takes out the first task that may run on `cpu`, among the first `tries`.
  Opt<Ref<Task>> take_first_for(CpuId cpu, u32 tries, OSTD_NOESCAPE FnRef<void(SchedEntity&)> taken);

 private:
  struct Steps;  // task_tree.cpp
  SchedEntity* root_ = nullptr;
  usize size_ = 0;
  u64 next_order_ = 0;
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
OSTD_ROOT void install(Own<SchedPolicy> policy);
}  // namespace scheduler

}  // namespace ostd
