// SPDX-License-Identifier: MPL-2.0
// WaitQueue: tasks that wait for a condition, and hooks that are told of wake-ups (poll, epoll, signalfd).
#pragma once
#include <base/fn.h>
#include <base/opt.h>
#include <base/own.h>
#include <base/result.h>
#include <ostd/target/sync.h>

namespace ostd {

// What may end a wait early. uninterruptible needs a comment that justifies it.
enum class Wait : u8 { interruptible, killable, uninterruptible };

// Called by WaitQueue::wake*: in the waker's context, with the queue's spinlock held, perhaps from an interrupt's deferred
// work: must not sleep, and may only take locks ranked inside kRankWaitHook. `key` is what the waker gave (poll events).
class WaitHook : public RefCounted {
 public:
  virtual void woken(u32 key) const = 0;
};

namespace detail {
template <class O> struct Unwrap;
template <class T> struct Unwrap<Opt<T>> { using Type = T; };
}  // namespace detail

class OSTD_SYNC OSTD_OWNED WaitQueue {
  template <class O> struct Unwrap;
  template <class T> struct Unwrap<Opt<T>> { using Type = T; };

 public:
  constexpr WaitQueue() {}
  ~WaitQueue();  // nobody waits (checked); hooks are dropped
  WaitQueue(const WaitQueue&) = delete;

  // Sleeps until ready() is true; ready() is called by the waiting task, without locks held by the queue, first at once and
  // then after each wake-up. Errors: interrupted (a signal or kill is pending as `how` says), timed_out.
  // No spinlock may be held (checked).
  Status wait_until(Wait how, OSTD_NOESCAPE FnRef<bool()> ready, Opt<Instant> deadline = {}) const;
  // The same for a condition that also produces the result under its own lock: f() -> Opt<R>.
  template <class F>
  auto wait_for(Wait how, OSTD_NOESCAPE F&& f, Opt<Instant> deadline = {}) const -> Result<typename detail::Unwrap<decltype(f())>::Type> {
    decltype(f()) got{};
    const Status s = wait_until(how, [&] { got = f(); return got.has_value(); }, deadline);
    if (!s.ok()) return Err(s.error());
    return std::move(got).value();
  }
  // Exclusive wait: wake_one wakes one of these; all others are woken by any wake. Same errors.
  Status wait_exclusive(Wait how, OSTD_NOESCAPE FnRef<bool()> ready, Opt<Instant> deadline = {}) const;

  // Wakes every non-exclusive waiter and at most one exclusive one; hooks are called. Never sleeps; safe with spinlocks held
  // (ranks below kRankWaitQueue) and in deferred work. Cheap when nobody waits (one load).
  void wake_one(u32 key = ~0U) const;
  void wake_all(u32 key = ~0U) const;
  bool has_waiters() const;

  // A hook stays until removed; the same hook may be added once.
  void add_hook(Ref<WaitHook> hook) const;
  void remove_hook(const WaitHook& hook) const;

 private:
  struct Node;
  friend struct WaitQueueCore;
  mutable target::RawSpin spin_{};
  mutable Atomic<u32> waiters_{0};
  mutable void* head_ = nullptr;
  mutable void* tail_ = nullptr;
};

}  // namespace ostd
