// SPDX-License-Identifier: MPL-2.0
#include <services/sched/policy.h>

namespace svc::sched {

void CpuQueue::enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason why) {
  if (is_real_time(e)) real_time_.enqueue(std::move(task), e, why);
  else fair_.enqueue(std::move(task), e, why);
}

Opt<Ref<Task>> CpuQueue::pick(ostd::Instant now) {
  if (!real_time_.empty()) {
    real_time_.look_at_clock(now.ns);
    if (real_time_waits()) {
      fair_.forget_current();
      return real_time_.pick();
    }
  }
  return fair_.pick();
}

bool CpuQueue::dequeue(const Task&, SchedEntity& e) { return fair_.dequeue(e) || real_time_.dequeue(e); }

bool CpuQueue::tick(SchedEntity& current, ostd::Duration ran) {
  const u64 ns = ran.ns > 0 ? static_cast<u64>(ran.ns) : 0;
  if (!is_real_time(current)) return (fair_.ran(current, ns) && !fair_.empty()) || real_time_waits();
  return real_time_.ran(current, ns) || (real_time_.used_up() && !fair_.empty());
}

bool CpuQueue::preempts(const SchedEntity& woken, const SchedEntity& current) {
  if (is_real_time(woken)) {
    if (!is_real_time(current)) return !real_time_.used_up();
    return woken.params.rt_priority > current.params.rt_priority;
  }
  if (is_real_time(current)) return false;
  return current.params.klass == ostd::SchedClass::idle && woken.params.klass != ostd::SchedClass::idle;
}

ostd::Instant CpuQueue::next_tick(ostd::Instant now, const SchedEntity& current) {
  u64 ns = 0;
  if (is_real_time(current)) {
    ns = real_time_.slice_left(current);
    if (!fair_.empty() && real_time_.share_left() < ns) ns = real_time_.share_left();
  } else {
    ns = fair_.slice_left(current);
    if (!real_time_.empty()) {
      const u64 until = real_time_.period_end();
      if (until < now.ns + ns) ns = until > now.ns ? until - now.ns : 0;
    }
  }
  constexpr u64 kLeast = 50'000;
  return ostd::Instant{now.ns + (ns < kLeast ? kLeast : ns)};
}

Opt<Ref<Task>> CpuQueue::steal(ostd::CpuId to) {
  Opt<Ref<Task>> t = real_time_.steal(to);
  return t ? std::move(t) : fair_.steal(to);
}

}  // namespace svc::sched
