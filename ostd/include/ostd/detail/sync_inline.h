// SPDX-License-Identifier: MPL-2.0
// The template parts of sync.h.
#pragma once
#include <ostd/sync.h>
#include <ostd/target/cpu.h>

namespace ostd {

namespace detail {
// Gives a reference back after a grace period, in a task's context.
void rcu_release(const RefCounted& o);

#if !OSTD_DEBUG_LOCKS
inline void spin_acquire(const target::RawSpin& s, Rank, IrqMode mode, bool& irqs_were_on) {
  if (mode == IrqMode::off) {
    irqs_were_on = target::irqs_on();
    if (irqs_were_on) target::irq_disable();
  }
  preempt_off();
  s.lock();
}
inline void spin_acquire_pair(const target::RawSpin& s, Rank rank, IrqMode mode, bool& irqs_were_on) {
  spin_acquire(s, rank, mode, irqs_were_on);
}
inline void spin_release(const target::RawSpin& s, Rank, IrqMode mode, bool irqs_were_on) {
  s.unlock();
  if (mode == IrqMode::off && irqs_were_on) target::irq_enable();
  preempt_on();
}
#endif
}  // namespace detail

template <class T, Rank R, class F>
auto lock_pair(const MutexLocked<T, R>& a, const MutexLocked<T, R>& b, OSTD_NOESCAPE F&& f) {
  struct Both {
    Both(const detail::RawMutex& x, const detail::RawMutex& y) : first(&x < &y ? x : y), second(&x < &y ? y : x), same(&x == &y) {
      first.lock();
      if (!same) second.lock_same_rank();
    }
    ~Both() {
      if (!same) second.unlock();
      first.unlock();
    }
    const detail::RawMutex& first;
    const detail::RawMutex& second;
    bool same;
  } both(a.raw_, b.raw_);
  return f(a.value_, b.value_);
}

template <class T, Rank R, IrqMode M, class F>
auto lock_pair(const SpinLocked<T, R, M>& a, const SpinLocked<T, R, M>& b, OSTD_NOESCAPE F&& f) {
  struct Both {
    Both(const target::RawSpin& x, const target::RawSpin& y) : first(&x < &y ? x : y), second(&x < &y ? y : x), same(&x == &y) {
      detail::spin_acquire(first, R, M, first_irqs);
      if (!same) detail::spin_acquire_pair(second, R, M, second_irqs);
    }
    ~Both() {
      if (!same) detail::spin_release(second, R, M, second_irqs);
      detail::spin_release(first, R, M, first_irqs);
    }
    const target::RawSpin& first;
    const target::RawSpin& second;
    bool same;
    bool first_irqs = false;
    bool second_irqs = false;
  } both(a.raw_, b.raw_);
  return f(a.value_, b.value_);
}

namespace detail {
// Words copied with relaxed atomics, so that a reader beside a writer is a race of values and not of the language.
// SAFETY: callers pass whole objects of a trivially copyable T; 8-byte words of them are only moved, never interpreted.
inline void copy_words_from_shared(void* to, const void* shared, usize n) {
  const auto* s = static_cast<const u8*>(shared);
  auto* d = static_cast<u8*>(to);
  for (; n >= 8; n -= 8, s += 8, d += 8) {
    // SAFETY: inside the object; as above.
    const u64 v = __atomic_load_n(reinterpret_cast<const u64*>(s), __ATOMIC_RELAXED);
    __builtin_memcpy(d, &v, 8);
  }
  for (; n != 0; --n, ++s, ++d) *d = __atomic_load_n(s, __ATOMIC_RELAXED);
}
inline void copy_words_to_shared(void* shared, const void* from, usize n) {
  auto* d = static_cast<u8*>(shared);
  const auto* s = static_cast<const u8*>(from);
  for (; n >= 8; n -= 8, s += 8, d += 8) {
    u64 v;
    __builtin_memcpy(&v, s, 8);
    // SAFETY: inside the object; as above.
    __atomic_store_n(reinterpret_cast<u64*>(d), v, __ATOMIC_RELAXED);
  }
  for (; n != 0; --n, ++s, ++d) __atomic_store_n(d, *s, __ATOMIC_RELAXED);
}
}  // namespace detail

template <class T, Rank R>
  requires std::is_trivially_copyable_v<T>
T SeqCount<T, R>::read() const {
  T copy;
  for (;;) {
    // acquire: the copy is made after the even count was seen.
    const u32 before = seq_.load(Order::acquire);
    if (before & 1) { target::cpu_relax(); continue; }
    detail::copy_words_from_shared(&copy, &value_, sizeof copy);
    // The copy is complete before the count is looked at again.
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (seq_.load(Order::relaxed) == before) return copy;
  }
}

// Interrupts are off while the count is odd, so a reader on the same CPU never waits for the writer it interrupted.
template <class T, Rank R>
  requires std::is_trivially_copyable_v<T>
template <class F>
void SeqCount<T, R>::update(OSTD_NOESCAPE F&& f) const {
  detail::SpinHold<SeqCount> hold(raw_, R, IrqMode::off);
  T copy = value_;
  f(copy);
  const u32 n = seq_.load(Order::relaxed);
  seq_.store(n + 1, Order::relaxed);
  // release: the odd count is seen before any new byte.
  __atomic_thread_fence(__ATOMIC_RELEASE);
  detail::copy_words_to_shared(&value_, &copy, sizeof copy);
  // release: every new byte is seen before the even count.
  seq_.store(n + 2, Order::release);
}

template <class T>
Rcu<T>::Rcu(Ref<T> first) {
  detail::RefAccess::retain(*first);
  // SAFETY: (p_ of an Rcu) always the address of a T of which the cell owns one reference.
  p_.store(reinterpret_cast<u64>(&*first), Order::release);
}

template <class T>
Rcu<T>::~Rcu() {
  // Nobody reads a cell that is being destroyed; Refs that were handed out keep the object.
  // SAFETY: p_ names a T that the cell owns a reference of; this gives it back.
  detail::RefAccess::release(*reinterpret_cast<const T*>(p_.load(Order::acquire)));
}

template <class T>
Ref<T> Rcu<T>::get() const {
  const rcu::ReadGuard section;
  // SAFETY: the cell's own reference is given back only after a grace period, so the count is not 0 in here.
  const T* p = reinterpret_cast<const T*>(p_.load(Order::acquire));
  detail::RefAccess::retain(*p);
  return detail::RefAccess::adopt(p);
}

template <class T>
template <class F>
auto Rcu<T>::read(OSTD_NOESCAPE F&& f) const {
  const rcu::ReadGuard section;
  // SAFETY: p_ names a T; its reference is given back only after a grace period, so not before `section` ends.
  return f(*reinterpret_cast<const T*>(p_.load(Order::acquire)));
}

template <class T>
void Rcu<T>::publish(Ref<T> next) const {
  const T* n = &*next;
  detail::RefAccess::retain(*n);
  // release: the new object is complete before readers find it; acquire: so is the old one for its destructor.
  // SAFETY: p_ named a T whose reference is now ours; rcu_release keeps it for readers that are under way.
  const T* old = reinterpret_cast<const T*>(p_.exchange(reinterpret_cast<u64>(n), Order::acq_rel));
  detail::rcu_release(*old);
}

}  // namespace ostd
