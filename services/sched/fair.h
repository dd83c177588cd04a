// SPDX-License-Identifier: MPL-2.0
// The fair class of one CPU (README.md). Called under the run-queue lock of that CPU; takes no locks and allocates nothing.
#pragma once
#include <services/sched/weight.h>

namespace svc::sched {

using ostd::EnqueueReason;
using ostd::SchedEntity;
using ostd::Task;

class FairQueue {
 public:
  // `home`: tells the queues of the machine apart; not 0.
  explicit FairQueue(u64 home) : home_(home) {}

  bool empty() const { return tree_.empty(); }
  usize size() const { return tree_.size(); }
  void enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason why);
  // Takes out the eligible task with the earliest deadline; it is the running one from now on.
  Opt<Ref<Task>> pick();
  bool dequeue(SchedEntity& e);
  // Takes out a task that may run on `to`.
  Opt<Ref<Task>> steal(ostd::CpuId to);

  // The running task, of this class, has used the CPU for `ns` more; true: its slice is over.
  bool ran(SchedEntity& current, u64 ns);
  // Real time until the running task's slice is over.
  u64 slice_left(const SchedEntity& current) const;
  // The task that ran last does not count any more: it sleeps, or waits in a queue again.
  void forget_current() { current_weight_ = 0; }
  // The average virtual time of all that want this CPU: who is not ahead of it is eligible.
  u64 average() const;

 private:
  void place(SchedEntity& e, bool is_new);
  void insert(Ref<Task> task, SchedEntity& e);
  void taken(SchedEntity& e);
  void advance_origin();

  u64 home_;
  ostd::TaskTree tree_{};      // by deadline, ranked by virtual time
  // The sums over the queued tasks are kept relative to an origin close to the average.
  u64 origin_ = 0;
  u64 load_ = 0;               // weights
  i64 moment_ = 0;             // weight * (virtual time - origin)
  u64 current_weight_ = 0;     // 0: no running task of this class
  u64 current_vruntime_ = 0;
};

}  // namespace svc::sched
