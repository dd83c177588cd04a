// SPDX-License-Identifier: MPL-2.0
// RawRw: everything under spin_. Releases hand the lock over: to one writer, or to all readers up to the next writer in the queue.
// New readers queue behind a waiting writer.
#include "lock_check.h"
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

struct Waiter {
  Task::Core* task = nullptr;
  bool writer = false;
  bool granted = false;
  Waiter* next = nullptr;
};

struct Locked {
  explicit Locked(const target::RawSpin& spin) : s(spin) { preempt_off(); s.lock(); }
  ~Locked() { s.unlock(); preempt_on(); }
  const target::RawSpin& s;
};

void append(void*& head, void*& tail, Waiter& w) {
  if (tail) static_cast<Waiter*>(tail)->next = &w;
  else head = &w;
  tail = &w;
}

// Sleeps until the lock was handed over.
void await(const target::RawSpin& spin, const Waiter& w) {
  for (;;) {
    // Uninterruptible: a lock's owner always goes on, and callers could not undo what they have begun.
    (void)sleep(kToken, Wait::uninterruptible, {});
    Locked l(spin);
    if (w.granted) return;
  }
}

// The lock is free or read-locked: lets in who may come. Under spin_.
void grant(void*& head, void*& tail, i32& readers, u32& writers_waiting) {
  while (auto* w = static_cast<Waiter*>(head)) {
    if (w->writer ? readers != 0 : readers < 0) return;
    head = w->next;
    if (!head) tail = nullptr;
    if (w->writer) {
      --writers_waiting;
      readers = -1;
    } else {
      ++readers;
    }
    w->granted = true;
    unpark(*w->task);
  }
}
}  // namespace

void ostd::detail::RawRw::lock_read() const {
  PerCpu& c = *target::this_cpu();
  check_mutex(c, rank_, RankRule::rising);
  Waiter me{c.current};
  bool wait = false;
  {
    Locked l(spin_);
    if (readers_ >= 0 && writers_waiting_ == 0) {
      ++readers_;
    } else {
      append(head_, tail_, me);
      wait = true;
    }
  }
  if (wait) await(spin_, me);
  note_mutex(*target::this_cpu(), rank_);
}

void ostd::detail::RawRw::unlock_read() const {
  forget_mutex(*target::this_cpu(), rank_);
  Locked l(spin_);
  OSTD_CHECK(readers_ > 0 && "read-locked");
  if (--readers_ == 0 && head_) grant(head_, tail_, readers_, writers_waiting_);
}

void ostd::detail::RawRw::lock_write() const {
  PerCpu& c = *target::this_cpu();
  check_mutex(c, rank_, RankRule::rising);
  Waiter me{c.current, true};
  bool wait = false;
  {
    Locked l(spin_);
    if (readers_ == 0) {
      readers_ = -1;
    } else {
      ++writers_waiting_;
      append(head_, tail_, me);
      wait = true;
    }
  }
  if (wait) await(spin_, me);
  note_mutex(*target::this_cpu(), rank_);
}

void ostd::detail::RawRw::unlock_write() const {
  forget_mutex(*target::this_cpu(), rank_);
  Locked l(spin_);
  OSTD_CHECK(readers_ == -1 && "write-locked");
  readers_ = 0;
  if (head_) grant(head_, tail_, readers_, writers_waiting_);
}
