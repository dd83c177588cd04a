// SPDX-License-Identifier: MPL-2.0
// The scheduling policy of the machine (README.md). services/boot installs it.
#pragma once
#include <services/sched/fair.h>
#include <services/sched/real_time.h>

namespace svc::sched {

class CpuQueue final : public ostd::RunQueue {
 public:
  explicit CpuQueue(ostd::CpuId cpu) : fair_(static_cast<u64>(cpu) + 1) {}
  void enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason why) override;
  Opt<Ref<Task>> pick(ostd::Instant now) override;
  bool dequeue(const Task& task, SchedEntity& e) override;
  bool tick(SchedEntity& current, ostd::Duration ran) override;
  bool preempts(const SchedEntity& woken, const SchedEntity& current) override;
  ostd::Instant next_tick(ostd::Instant now, const SchedEntity& current) override;
  usize length() const override { return fair_.size() + real_time_.size(); }
  Opt<Ref<Task>> steal(ostd::CpuId to) override;

 private:
  bool real_time_waits() const { return !real_time_.empty() && (!real_time_.used_up() || fair_.empty()); }

  FairQueue fair_;
  RealTimeQueue real_time_{};
};

class Policy final : public ostd::SchedPolicy {
 public:
  Own<ostd::RunQueue> make_run_queue(ostd::CpuId cpu) override { return make_own<CpuQueue>(cpu); }
};

}  // namespace svc::sched
