// SPDX-License-Identifier: MPL-2.0
// The real-time classes of one CPU, and the bound on what they may take from the fair class. Called under the run-queue lock.
#pragma once
#include <ostd/scheduler.h>
#include <services/base/ids.h>

namespace svc::sched {

using ostd::EnqueueReason;
using ostd::SchedEntity;
using ostd::Task;

inline bool is_real_time(const SchedEntity& e) {
  return e.params.klass == ostd::SchedClass::fifo || e.params.klass == ostd::SchedClass::round_robin;
}

inline constexpr u64 kRoundNs = 100'000'000;  // a turn of SCHED_RR

class RealTimeQueue {
 public:
  bool empty() const { return tree_.empty(); }
  usize size() const { return tree_.size(); }
  void enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason why);
  // The one with the highest priority; of equals the one that waits longest.
  Opt<Ref<Task>> pick();
  bool dequeue(SchedEntity& e);
  Opt<Ref<Task>> steal(ostd::CpuId to);
  // The running task, of this class, has used the CPU for `ns` more, until `now`; true: an equal should have a turn.
  bool ran(SchedEntity& current, u64 ns);
  u64 slice_left(const SchedEntity& current) const;

  // The share of real-time tasks in this second is used up.
  bool used_up() const { return used_ns_ >= kShareNs; }
  u64 share_left() const { return used_up() ? 0 : kShareNs - used_ns_; }
  // Begins a new second when the old one is over.
  void look_at_clock(u64 now_ns);
  u64 period_end() const { return period_start_ + kPeriodNs; }

 private:
  static constexpr u64 kPeriodNs = 1'000'000'000;
  static constexpr u64 kShareNs = 950'000'000;
  bool equal_waits(const SchedEntity& current) const;

  ostd::TaskTree tree_{};  // key: 99 - priority above 56 bits of sequence number
  u64 first_ = 1ULL << 55;  // the number before all that wait: for preempted tasks
  u64 last_ = 1ULL << 55;
  u64 used_ns_ = 0;
  u64 period_start_ = 0;
};

}  // namespace svc::sched
