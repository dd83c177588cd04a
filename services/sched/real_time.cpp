// SPDX-License-Identifier: MPL-2.0
#include <services/sched/real_time.h>

namespace svc::sched {
namespace {

constexpr u32 kSequenceBits = 56;
u64 priority_key(const SchedEntity& e) { return (e.params.rt_priority < 99 ? 99ULL - e.params.rt_priority : 0) << kSequenceBits; }
constexpr auto kIgnore = [](SchedEntity&) {};

}  // namespace

void RealTimeQueue::enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason why) {
  const bool used_round = e.params.klass == ostd::SchedClass::round_robin && e.slice_used_ns >= kRoundNs;
  if (why != EnqueueReason::preempted || used_round) e.slice_used_ns = 0;
  const u64 number = why == EnqueueReason::preempted && !used_round ? --first_ : ++last_;
  static_cast<void>(tree_.insert(std::move(task), e, priority_key(e) | number, 0));
}

Opt<Ref<Task>> RealTimeQueue::pick() { return tree_.take_first(kIgnore); }

bool RealTimeQueue::dequeue(SchedEntity& e) { return tree_.remove(e).has_value(); }

Opt<Ref<Task>> RealTimeQueue::steal(ostd::CpuId to) {
  constexpr u32 kTries = 16;
  return tree_.take_first_for(to, kTries, kIgnore);
}

bool RealTimeQueue::equal_waits(const SchedEntity& current) const {
  const Opt<u64> first = tree_.first_key();
  return first && *first >> kSequenceBits <= priority_key(current) >> kSequenceBits;
}

bool RealTimeQueue::ran(SchedEntity& current, u64 ns) {
  used_ns_ += ns;
  current.slice_used_ns += ns;
  return current.params.klass == ostd::SchedClass::round_robin && current.slice_used_ns >= kRoundNs && equal_waits(current);
}

u64 RealTimeQueue::slice_left(const SchedEntity& current) const {
  if (current.params.klass != ostd::SchedClass::round_robin || !equal_waits(current)) return kPeriodNs;
  return current.slice_used_ns >= kRoundNs ? 0 : kRoundNs - current.slice_used_ns;
}

void RealTimeQueue::look_at_clock(u64 now_ns) {
  if (now_ns < period_end()) return;
  period_start_ = now_ns;
  used_ns_ = 0;
}

}  // namespace svc::sched
