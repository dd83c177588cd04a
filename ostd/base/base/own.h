// SPDX-License-Identifier: MPL-2.0
// Own<T>: the one owner of an object. Ref<T>/Weak<T>: shared ownership of a RefCounted object, read-only for its holders
// (state that changes sits in the object's locks and atomics). Neither is ever null; using a moved-from one panics.
// Assigning to an Own swaps: what it had dies with the other one. Everything is O(1); only make_own and make_ref draw on the reservation,
// one block each. Counts are atomic: threads may copy and drop their Refs of one object at will, and the last one sees what the
// others wrote. Traps also: 2^31 Refs or Weaks of one object, ref_of for an object that make_ref did not make or that is ending.
#pragma once
#include <base/annotations.h>
#include <base/atomic.h>
#include <base/opt.h>
#include <base/trap.h>
#include <type_traits>
#include <utility>

namespace ostd {

template <class T>
class OSTD_OWNED Own {
 public:
  OSTD_UNSAFE explicit Own(T* p) : p_(p) {}  // Requires: p was made by `new` and has no other owner.
  Own(Own&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  template <class D>
    requires(!std::is_same_v<T, D> && std::is_base_of_v<T, D> && std::has_virtual_destructor_v<T>)  // T may be incomplete in Own<T>
  Own(Own<D>&& o) noexcept : p_(o.release()) {}
  Own& operator=(Own&& o) noexcept { std::swap(p_, o.p_); return *this; }
  Own(const Own&) = delete;
  ~Own() { delete p_; }
  T* operator->() OSTD_LIFETIMEBOUND { return check(); }
  const T* operator->() const OSTD_LIFETIMEBOUND { return check(); }
  T& operator*() OSTD_LIFETIMEBOUND { return *check(); }
  const T& operator*() const OSTD_LIFETIMEBOUND { return *check(); }
  OSTD_UNSAFE T* release() { return std::exchange(p_, nullptr); }

 private:
  T* check() const { OSTD_CHECK(p_ && "Own was moved from"); return p_; }
  T* p_;
};

// Infallible: memory comes from the running task's reservation (memory.md).
template <class T, class... A>
Own<T> make_own(A&&... a) { return Own<T>(new T(std::forward<A>(a)...)); }

namespace detail {
template <class T> inline constexpr char type_tag = 0;
struct RefAccess;
}  // namespace detail

// Base of shared objects. The dynamic type is recorded by make_ref, so that Ref::as<D>() is exact and cannot be forged.
class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;
  virtual ~RefCounted() = default;
  // How many Refs exist now; only a hint unless the caller excludes others.
  u32 ref_count() const { return strong_.load(Order::relaxed); }

 private:
  friend struct detail::RefAccess;
  Atomic<u32> strong_{1};
  Atomic<u32> weak_{1};  // all strong ones together hold one
  const void* tag_ = nullptr;
};

template <class T> class Ref;
template <class T> class Weak;

namespace detail {
struct RefAccess {
  // Counts that come near to wrapping end the machine, not the object.
  static constexpr u32 kMost = 0x8000'0000U;
  static void retain(const RefCounted& o) { OSTD_CHECK(o.strong_.fetch_add(1, Order::relaxed) < kMost); }
  static bool try_retain(const RefCounted& o) {
    u32 n = o.strong_.load(Order::relaxed);
    while (n != 0)
      if (o.strong_.compare_exchange(n, n + 1, Order::acq_rel)) {
        OSTD_CHECK(n < kMost);
        return true;
      }
    return false;
  }
  static void release(const RefCounted& o) {
    // acq_rel: what other holders wrote happens before the destructor.
    if (o.strong_.fetch_sub(1, Order::acq_rel) == 1) destroy(o);
  }
  static void retain_weak(const RefCounted& o) { OSTD_CHECK(o.weak_.fetch_add(1, Order::relaxed) < kMost); }
  static void release_weak(const RefCounted& o);
  static void destroy(const RefCounted& o);
  // SAFETY: called by make_ref only, on an object that nobody else knows yet.
  template <class T> static void set_tag(const T& o) { const_cast<T&>(o).tag_ = &type_tag<T>; }
  static const void* tag(const RefCounted& o) { return o.tag_; }
  template <class T> static Ref<T> adopt(const T* p) { return Ref<T>(p, 0); }
};
}  // namespace detail

template <class T>
class OSTD_OWNED Ref {
 public:
  Ref(const Ref& o) : p_(o.check()) { detail::RefAccess::retain(*p_); }
  Ref(Ref&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  template <class D>
    requires(!std::is_same_v<T, D> && std::is_base_of_v<T, D>)
  Ref(const Ref<D>& o) : p_(o.check()) { detail::RefAccess::retain(*p_); }
  template <class D>
    requires(!std::is_same_v<T, D> && std::is_base_of_v<T, D>)
  Ref(Ref<D>&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  Ref& operator=(Ref o) noexcept { std::swap(p_, o.p_); return *this; }
  ~Ref() { if (p_) detail::RefAccess::release(*p_); }
  // The object lives as long as this Ref.
  const T* operator->() const OSTD_LIFETIMEBOUND { return check(); }
  const T& operator*() const OSTD_LIFETIMEBOUND { return *check(); }
  // The same object as its exact type D, if that is what make_ref made.
  template <class D>
  Opt<Ref<D>> as() const {
    if (detail::RefAccess::tag(*check()) != &detail::type_tag<D>) return {};
    detail::RefAccess::retain(*p_);
    return Opt<Ref<D>>(Ref<D>(static_cast<const D*>(p_), 0));
  }
  template <class D> bool is() const { return detail::RefAccess::tag(*check()) == &detail::type_tag<D>; }
  bool same(const Ref& o) const { return p_ == o.p_; }
  bool same(const T& o) const { return p_ == &o; }
  bool same_object(const RefCounted& o) const { return static_cast<const RefCounted*>(p_) == &o; }
  u64 id() const { return reinterpret_cast<u64>(p_); }  // SAFETY: only a number. Identity for hashing and lock order; not an address to use

 private:
  template <class> friend class Ref;
  template <class> friend class Weak;
  friend struct detail::RefAccess;
  Ref(const T* p, int) : p_(p) {}
  const T* check() const { OSTD_CHECK(p_ && "Ref was moved from"); return p_; }
  const T* p_;
};

template <class T, class... A>
Ref<T> make_ref(A&&... a) {
  static_assert(alignof(T) <= 16);
  const T* p = new T(std::forward<A>(a)...);
  // SAFETY: compares addresses only; what holds then lets RefAccess free the object through its RefCounted.
  OSTD_CHECK(static_cast<const void*>(p) == static_cast<const void*>(static_cast<const RefCounted*>(p)));
  detail::RefAccess::set_tag(*p);
  return detail::RefAccess::adopt(p);
}
// A new Ref to the object that this reference names; it must be one made by make_ref (RefCounted knows).
template <class T>
  requires std::is_base_of_v<RefCounted, T>
Ref<T> ref_of(const T& o) {
  OSTD_CHECK(detail::RefAccess::tag(o) != nullptr && "ref_of an object made by make_ref");
  OSTD_CHECK(detail::RefAccess::try_retain(o) && "ref_of a living object");
  return detail::RefAccess::adopt(&o);
}

// Identity of an object as Ref::id() gives it.
inline u64 object_id(const RefCounted& o) { return reinterpret_cast<u64>(&o); }  // SAFETY: only a number

// Does not keep the object alive; may be empty.
template <class T>
class OSTD_OWNED Weak {
 public:
  Weak() = default;
  Weak(const Ref<T>& r) : p_(r.check()) { detail::RefAccess::retain_weak(*p_); }
  Weak(const Weak& o) : p_(o.p_) { if (p_) detail::RefAccess::retain_weak(*p_); }
  Weak(Weak&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  Weak& operator=(Weak o) noexcept { std::swap(p_, o.p_); return *this; }
  ~Weak() { if (p_) detail::RefAccess::release_weak(*p_); }
  // The object, if it still lives.
  Opt<Ref<T>> lock() const {
    if (!p_ || !detail::RefAccess::try_retain(*p_)) return {};
    return Opt<Ref<T>>(detail::RefAccess::adopt(p_));
  }
  bool refers_to(const T& o) const { return p_ == &o; }

 private:
  const T* p_ = nullptr;
};

}  // namespace ostd
