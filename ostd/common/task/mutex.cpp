// SPDX-License-Identifier: MPL-2.0
// RawMutex. owner_ is 0, or the owner's record (48 bits) with the CPU it took the lock on above and two flags below. A waiter
// spins while the owner runs, then queues. A released lock may be taken by whoever is running; a waiter that was woken and
// found it taken again asks for a hand-over, so none starves.
// Queue and flags change under spin_; a waiter leaves its node only under spin_, so wakers use it safely there.
#include "lock_check.h"
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

constexpr u64 kWaiters = 1;   // the queue is not empty
constexpr u64 kHandOver = 2;  // the next release gives the lock to the head of the queue
constexpr u64 kFlags = kWaiters | kHandOver;
constexpr u32 kCpuShift = 48;
constexpr u64 kRecordMask = (1ULL << kCpuShift) - 1 - kFlags;

struct Waiter {
  Task::Core* task = nullptr;
  Waiter* next = nullptr;
  bool granted = false;
};

// SAFETY: an address as a number, to compare.
u64 word_of(const PerCpu& c, const Task::Core& t) {
  return (reinterpret_cast<u64>(&t) & kRecordMask) | static_cast<u64>(c.index) << kCpuShift;
}
// Does the owner run right now? It is compared, never followed: it may have ended.
// SAFETY: an address as a number, to compare.
bool owner_runs(u64 word) {
  const PerCpu& c = cpus[word >> kCpuShift];
  return (reinterpret_cast<u64>(__atomic_load_n(&c.current, __ATOMIC_RELAXED)) & kRecordMask) == (word & kRecordMask);
}

struct QueueLock {
  explicit QueueLock(const target::RawSpin& spin) : s(spin) { preempt_off(); s.lock(); }
  ~QueueLock() { s.unlock(); preempt_on(); }
  const target::RawSpin& s;
};
}  // namespace

bool ostd::detail::RawMutex::try_lock() const {
  PerCpu& c = *target::this_cpu();
  const Rank rank = rank_;
  u64 none = 0;
  // acquire: sees what the last owner wrote.
  if (!owner_.compare_exchange(none, word_of(c, *c.current), Order::acquire)) return false;
  note_mutex(c, rank);
  return true;
}

void ostd::detail::RawMutex::lock() const {
  PerCpu& c = *target::this_cpu();
  check_mutex(c, rank_, RankRule::rising);
  const u64 self = word_of(c, *c.current);
  u64 none = 0;
  if (!owner_.compare_exchange(none, self, Order::acquire)) [[unlikely]] lock_slow(self);
  note_mutex(*target::this_cpu(), rank_);
}

void ostd::detail::RawMutex::lock_same_rank() const {
  PerCpu& c = *target::this_cpu();
  check_mutex(c, rank_, RankRule::pair);
  const u64 self = word_of(c, *c.current);
  u64 none = 0;
  if (!owner_.compare_exchange(none, self, Order::acquire)) [[unlikely]] lock_slow(self);
  note_mutex(*target::this_cpu(), rank_);
}

void ostd::detail::RawMutex::lock_slow(u64 self) const {
  check_may_sleep("a sleeping lock is taken without spinlocks or guards, in a task");
  OSTD_CHECK((owner_.load(Order::relaxed) & kRecordMask) != (self & kRecordMask) && "a lock is not taken twice by one task");
  for (u32 spins = 0; spins < 2000; ++spins) {
    u64 w = owner_.load(Order::relaxed);
    if ((w & kRecordMask) == 0) {
      if (w & kHandOver) break;
      if (owner_.compare_exchange(w, self | (w & kFlags), Order::acquire)) return;
      continue;
    }
    if (cpu_total() == 1 || !owner_runs(w) || target::this_cpu()->pending.load(Order::relaxed) != 0) break;
    target::cpu_relax();
  }
  Waiter me{target::this_cpu()->current};
  bool queued = false;
  bool woken = false;
  for (;;) {
    {
      QueueLock lock(spin_);
      if (me.granted) return;  // unlock() took the node out of the queue
      u64 w = owner_.load(Order::relaxed);
      for (;;) {
        if ((w & kRecordMask) == 0 && (!(w & kHandOver) || head_ == &me)) {
          // Free: the queue may keep others.
          u64 flags = w & kWaiters;
          const bool last = queued ? head_ == &me && !me.next : !head_;
          if (last) flags = 0;
          if (!owner_.compare_exchange(w, self | flags, Order::acquire)) continue;
          if (queued) {
            Waiter* before = nullptr;
            // SAFETY: (head_, tail_) null or Waiters on the stacks of tasks that are in lock(); changed under spin_ only.
            for (auto* i = static_cast<Waiter*>(head_); i != &me; i = i->next) before = i;
            // SAFETY: head_ is a void* that only ever holds a Waiter*.
            (before ? before->next : reinterpret_cast<Waiter*&>(head_)) = me.next;
            if (tail_ == &me) tail_ = before;
          }
          return;
        }
        const u64 want = w | kWaiters | (woken ? kHandOver : 0);
        if (w == want || owner_.compare_exchange(w, want, Order::relaxed)) break;
      }
      if (!queued) {
        // SAFETY: as above; the task waits in here until it has taken its Waiter out.
        (tail_ ? static_cast<Waiter*>(tail_)->next : reinterpret_cast<Waiter*&>(head_)) = &me;
        tail_ = &me;
        queued = true;
      }
    }
    // Uninterruptible: a lock's owner always goes on, and callers could not undo what they have begun.
    (void)sleep(kToken, Wait::uninterruptible, {});
    woken = true;
  }
}

void ostd::detail::RawMutex::unlock() const {
  PerCpu& c = *target::this_cpu();
  forget_mutex(c, rank_);
  u64 w = owner_.load(Order::relaxed);
  // SAFETY: an address as a number, to compare.
  OSTD_CHECK((w & kRecordMask) == (reinterpret_cast<u64>(c.current) & kRecordMask) && "a lock is released by its owner");
  // release: the next owner sees what was written under the lock.
  if (!(w & kFlags) && owner_.compare_exchange(w, 0, Order::release)) [[likely]] {
    if (c.pending.load(Order::relaxed) != 0 && c.preempt_count == 0) [[unlikely]] preempt_slow();
    return;
  }
  unlock_slow();
}

void ostd::detail::RawMutex::unlock_slow() const {
  QueueLock lock(spin_);
  const u64 w = owner_.load(Order::relaxed);
  // SAFETY: as in lock(); spin_ is held.
  auto* head = static_cast<Waiter*>(head_);
  if (!head) {
    owner_.store(0, Order::release);
    return;
  }
  if (w & kHandOver) {
    head_ = head->next;
    if (!head_) tail_ = nullptr;
    head->granted = true;
    owner_.store(word_of(cpus[head->task->cpu.load(Order::relaxed)], *head->task) | (head_ ? kWaiters : 0), Order::release);
  } else {
    owner_.store(kWaiters, Order::release);
  }
  unpark(*head->task);
}
