// SPDX-License-Identifier: MPL-2.0
// Locks that own what they protect. Each has a rank; locks are taken in rising rank (checked in debug builds, where the
// checker also stops sleeping in atomic mode). Data is reached only through with()/read()/write().
// Objects are shared by const reference, so locking is const.
#pragma once
#include <base/annotations.h>
#include <base/atomic.h>
#include <base/fn.h>
#include <base/own.h>
#include <base/result.h>
#include <ostd/detail/cpu_head.h>
#include <ostd/target/sync.h>  // detail: target::RawSpin inline fast paths
#include <type_traits>
#include <utility>

namespace ostd {

// A smaller rank is taken first (outer). Ranks of services: services/base/ranks.h; 1000 and above belong to ostd.
enum class Rank : u16 {};
// Of WaitQueue's own lock, and of the locks that WaitHook::woken may take: those ranked inside kRankWaitHook.
inline constexpr Rank kRankWaitQueue{900};
inline constexpr Rank kRankWaitHook{910};

// on: never taken from interrupt callbacks. off: also taken there, so interrupts are off while it is held.
enum class IrqMode : u8 { on, off };

namespace detail {
class RawMutex {  // FIFO, sleeping, uninterruptible; out of line in ostd/common
 public:
  explicit constexpr RawMutex(Rank r) : rank_(r) {}
  void lock() const;
  void lock_same_rank() const;  // the second of a pair (lock_pair)
  bool try_lock() const;
  void unlock() const;

 private:
  void lock_slow(u64 self) const;
  [[gnu::noinline]] void unlock_slow() const;
  mutable Atomic<u64> owner_{0};
  mutable target::RawSpin spin_{};
  mutable void* head_ = nullptr;
  mutable void* tail_ = nullptr;
  Rank rank_;
};
class RawRw {  // sleeping readers/writer lock, writers preferred
 public:
  explicit constexpr RawRw(Rank r) : rank_(r) {}
  void lock_read() const;
  void unlock_read() const;
  void lock_write() const;
  void unlock_write() const;

 private:
  mutable target::RawSpin spin_{};
  mutable i32 readers_ = 0;  // -1: a writer
  mutable u32 writers_waiting_ = 0;
  mutable void* head_ = nullptr;
  mutable void* tail_ = nullptr;
  Rank rank_;
};
void spin_acquire(const target::RawSpin& s, Rank rank, IrqMode mode, bool& irqs_were_on);
void spin_acquire_pair(const target::RawSpin& s, Rank rank, IrqMode mode, bool& irqs_were_on);  // the second of a pair (lock_pair)
void spin_release(const target::RawSpin& s, Rank rank, IrqMode mode, bool irqs_were_on);
template <class Lock> struct SpinHold {
  SpinHold(const target::RawSpin& s, Rank r, IrqMode m) : s_(s), r_(r), m_(m) { spin_acquire(s_, r_, m_, irqs_); }
  ~SpinHold() { spin_release(s_, r_, m_, irqs_); }
  SpinHold(const SpinHold&) = delete;
  const target::RawSpin& s_;
  Rank r_;
  IrqMode m_;
  bool irqs_ = false;
};
}  // namespace detail

// Short sections that do not sleep. with(f): f(T&) runs with the lock held and preemption off; its result is returned
// (no borrow of T may leave f).
template <class T, Rank R, IrqMode M = IrqMode::on>
class OSTD_SYNC OSTD_OWNED SpinLocked {
 public:
  SpinLocked() = default;
  explicit SpinLocked(T v) : value_(std::move(v)) {}
  SpinLocked(const SpinLocked&) = delete;
  template <class F>
  auto with(OSTD_NOESCAPE F&& f) const {
    detail::SpinHold<SpinLocked> hold(raw_, R, M);
    return f(value_);
  }

 private:
  template <class T2, Rank R2, IrqMode M2, class F>
  friend auto lock_pair(const SpinLocked<T2, R2, M2>& a, const SpinLocked<T2, R2, M2>& b, F&& f);
  target::RawSpin raw_{};
  mutable T value_{};
};

// Sections that may sleep. The holder may allocate, copy from and to user memory (if R < kRankMm) and wait.
template <class T, Rank R>
class OSTD_SYNC OSTD_OWNED MutexLocked {
 public:
  MutexLocked() = default;
  explicit MutexLocked(T v) : value_(std::move(v)) {}
  MutexLocked(const MutexLocked&) = delete;
  template <class F>
  auto with(OSTD_NOESCAPE F&& f) const {
    raw_.lock();
    struct Unlock { const detail::RawMutex& m; ~Unlock() { m.unlock(); } } u{raw_};
    return f(value_);
  }

 private:
  template <class T2, Rank R2, class F>
  friend auto lock_pair(const MutexLocked<T2, R2>& a, const MutexLocked<T2, R2>& b, F&& f);
  detail::RawMutex raw_{R};
  mutable T value_{};
};

// Many readers or one writer, may sleep.
template <class T, Rank R>
class OSTD_SYNC OSTD_OWNED RwLocked {
 public:
  RwLocked() = default;
  explicit RwLocked(T v) : value_(std::move(v)) {}
  RwLocked(const RwLocked&) = delete;
  template <class F>
  auto read(OSTD_NOESCAPE F&& f) const {
    raw_.lock_read();
    struct Unlock { const detail::RawRw& m; ~Unlock() { m.unlock_read(); } } u{raw_};
    return f(static_cast<const T&>(value_));
  }
  template <class F>
  auto write(OSTD_NOESCAPE F&& f) const {
    raw_.lock_write();
    struct Unlock { const detail::RawRw& m; ~Unlock() { m.unlock_write(); } } u{raw_};
    return f(value_);
  }

 private:
  detail::RawRw raw_{R};
  mutable T value_{};
};

// Two locks of one rank, taken in address order; a and b may be the same object (then f gets it twice: do not).
template <class T, Rank R, class F>
auto lock_pair(const MutexLocked<T, R>& a, const MutexLocked<T, R>& b, OSTD_NOESCAPE F&& f);
template <class T, Rank R, IrqMode M, class F>
auto lock_pair(const SpinLocked<T, R, M>& a, const SpinLocked<T, R, M>& b, OSTD_NOESCAPE F&& f);

// Set once, then read without a lock. set() keeps the first value and says whether it was this call's.
template <class T>
class OSTD_SYNC OSTD_OWNED Once {
 public:
  Once() = default;
  Once(const Once&) = delete;
  ~Once() { delete p(); }
  bool set(T v) const {
    T* n = new T(std::move(v));
    u64 none = 0;
    // SAFETY: (p_ of a Once) 0, or for good the address of a T that this Once owns; it is only set here, from 0.
    if (p_.compare_exchange(none, reinterpret_cast<u64>(n), Order::acq_rel)) return true;
    delete n;
    return false;
  }
  bool is_set() const { return p_.load(Order::acquire) != 0; }
  // Panics when not set.
  const T& get() const OSTD_LIFETIMEBOUND { OSTD_CHECK(p() != nullptr && "Once is set"); return *p(); }

 private:
  // SAFETY: p_ is 0 or names the T that this Once owns; acquire: it is complete.
  T* p() const { return reinterpret_cast<T*>(p_.load(Order::acquire)); }
  Atomic<u64> p_{0};
};

// A trivially copyable T read without blocking writers. Writers exclude each other by a spinlock inside.
template <class T, Rank R>
  requires std::is_trivially_copyable_v<T>
class OSTD_SYNC OSTD_OWNED SeqCount {
 public:
  SeqCount() = default;
  explicit SeqCount(T v) : value_(v) {}
  T read() const;
  template <class F> void update(OSTD_NOESCAPE F&& f) const;  // f(T&) on a copy that is then published

 private:
  Atomic<u32> seq_{0};
  target::RawSpin raw_{};
  alignas(8) mutable T value_{};
};

// Read-copy-update cell: readers get a Ref without a lock; publish() replaces it; the old object dies when its last Ref
// does, after a grace period.
template <class T>
class OSTD_SYNC OSTD_OWNED Rcu {
 public:
  explicit Rcu(Ref<T> first);
  ~Rcu();
  Rcu(const Rcu&) = delete;
  Ref<T> get() const;
  // f(const T&) inside a read-side section: no reference count is touched; f must not sleep.
  template <class F> auto read(OSTD_NOESCAPE F&& f) const;
  void publish(Ref<T> next) const;

 private:
  Atomic<u64> p_{0};
};

namespace rcu {
class [[nodiscard]] OSTD_OWNED ReadGuard {  // a read-side section: preemption off
 public:
  ReadGuard() { detail::preempt_off(); }
  ~ReadGuard() { detail::preempt_on(); }
  ReadGuard(const ReadGuard&) = delete;
};
void defer(Fn<void()> f);  // runs f in deferred context after a grace period
void synchronize();        // sleeps until every read-side section that runs now has ended
}  // namespace rcu

}  // namespace ostd

#include <ostd/detail/sync_inline.h>
