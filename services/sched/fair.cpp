// SPDX-License-Identifier: MPL-2.0
#include <base/checked.h>
#include <services/sched/fair.h>

namespace svc::sched {
namespace {

// Virtual times wrap around: only differences count.
i64 ahead(u64 a, u64 b) { return static_cast<i64>(wrapping_sub(a, b)); }

// How far a task may be behind or ahead when it comes back.
i64 limited_lag(i64 lag, u64 w) {
  const i64 most = static_cast<i64>(2 * to_virtual(kSliceNs, w));
  return lag > most ? most : lag < -most ? -most : lag;
}

}  // namespace

u64 FairQueue::average() const {
  const i64 all = static_cast<i64>(load_ + current_weight_);
  if (all == 0) return origin_;
  i64 sum = moment_;
  if (current_weight_ != 0) sum += static_cast<i64>(current_weight_) * ahead(current_vruntime_, origin_);
  // Rounded down, so that somebody is eligible.
  const i64 mean = sum >= 0 ? sum / all : -((all - 1 - sum) / all);
  return wrapping_add(origin_, static_cast<u64>(mean));
}

void FairQueue::advance_origin() {
  const u64 to = average();
  moment_ -= static_cast<i64>(load_) * ahead(to, origin_);
  origin_ = to;
}

void FairQueue::insert(Ref<Task> task, SchedEntity& e) {
  const u64 w = weight(e.params);
  const u64 v = e.vruntime;
  if (!tree_.insert(std::move(task), e, e.deadline, v)) return;
  load_ += w;
  moment_ += static_cast<i64>(w) * ahead(v, origin_);
}

void FairQueue::taken(SchedEntity& e) {
  const u64 w = weight(e.params);
  load_ -= w;
  moment_ -= static_cast<i64>(w) * ahead(e.vruntime, origin_);
}

void FairQueue::place(SchedEntity& e, bool is_new) {
  const u64 w = weight(e.params);
  const u64 others = load_ + current_weight_;
  // Its coming moves the average towards itself: its lag is stretched by as much.
  i64 lag = is_new ? 0 : limited_lag(e.lag, w);
  if (others != 0 && lag != 0) lag = lag * static_cast<i64>(others + w) / static_cast<i64>(others);
  e.vruntime = wrapping_sub(average(), static_cast<u64>(lag));
  const u64 slice = to_virtual(slice_of(e.params), w);
  e.deadline = wrapping_add(e.vruntime, is_new ? slice / 2 : slice);  // a new task gets half a slice first: who forks gains nothing
  e.policy_word = home_;
}

void FairQueue::enqueue(Ref<Task> task, SchedEntity& e, EnqueueReason why) {
  const u64 slice = to_virtual(slice_of(e.params), weight(e.params));
  if (e.policy_word != home_ || why == EnqueueReason::wake || why == EnqueueReason::start || why == EnqueueReason::migrated) {
    place(e, why == EnqueueReason::start);
  } else {
    forget_current();
    if (why == EnqueueReason::yielded) {
      // It gives up what it was behind, and its claim goes behind those of the others.
      if (ahead(average(), e.vruntime) > 0) e.vruntime = average();
      e.deadline = wrapping_add(e.vruntime, slice + 1);
    } else if (ahead(e.vruntime, e.deadline) >= 0) {
      e.deadline = wrapping_add(e.vruntime, slice);
    }
  }
  insert(std::move(task), e);
}

Opt<Ref<Task>> FairQueue::pick() {
  forget_current();
  if (tree_.empty()) return none;
  advance_origin();
  u64 v = origin_;
  u64 w = 0;
  const auto note = [&](SchedEntity& e) {
    taken(e);
    v = e.vruntime;
    w = weight(e.params);
    e.slice_used_ns = 0;
  };
  Opt<Ref<Task>> t = tree_.size() == 1 ? tree_.take_first(note) : tree_.take_first_within(origin_, note);
  if (!t) t = tree_.take_first(note);
  current_weight_ = w;
  current_vruntime_ = v;
  return t;
}

bool FairQueue::dequeue(SchedEntity& e) {
  if (!tree_.contains(e)) return false;
  e.lag = ahead(average(), e.vruntime);
  taken(e);
  static_cast<void>(tree_.remove(e));
  return true;
}

Opt<Ref<Task>> FairQueue::steal(ostd::CpuId to) {
  constexpr u32 kTries = 16;
  const u64 mean = average();
  return tree_.take_first_for(to, kTries, [&](SchedEntity& e) {
    e.lag = ahead(mean, e.vruntime);
    taken(e);
  });
}

bool FairQueue::ran(SchedEntity& current, u64 ns) {
  const u64 w = weight(current.params);
  if (current.policy_word != home_) {
    forget_current();
    place(current, false);
  }
  current.vruntime = wrapping_add(current.vruntime, to_virtual(ns, w));
  current_weight_ = w;
  current_vruntime_ = current.vruntime;
  current.lag = ahead(average(), current.vruntime);
  return ahead(current.vruntime, current.deadline) >= 0;
}

u64 FairQueue::slice_left(const SchedEntity& current) const {
  constexpr u64 kLeast = 100'000;
  if (current.policy_word != home_) return slice_of(current.params);
  const i64 left = ahead(current.deadline, current.vruntime);
  if (left <= 0) return kLeast;
  const u64 ns = static_cast<u64>(left) * weight(current.params) / kNormalWeight;
  return ns < kLeast ? kLeast : ns;
}

}  // namespace svc::sched
