// SPDX-License-Identifier: MPL-2.0
// Capabilities: references that say what their holder may do, in the type where it is known when compiling.
//   Cap<T, R>     owns: a shared object and the rights R on it. Move-only.
//   CapRef<T, R>  borrows: a parameter, never kept. The same machine code as a plain reference.
//   DynCap<T>     owns; the rights are known at run time only (file descriptors). as<R>() checks once.
//   WeakCap<T>    a DynCap that does not keep the object alive: lock() gives one for as long as the object is there.
// A resource T is RefCounted, keeps what needs a right private, and has
//   struct Calls  what holders may call, each function `void off(this const Permits<power::off> auto& self, ...)`; capabilities
//                 inherit from it (`cap.off(0)`). Functions that need no right are public in T (`cap->name()`).
//   MintKey       the class whose values prove that the holder may make capabilities for existing objects: RootKey, or a
//                 class with a private constructor and a friend.
// Rights only ever shrink: narrowing is implicit, widening does not compile.
#pragma once
#include <base/annotations.h>
#include <base/own.h>
#include <base/result.h>
#include <type_traits>
#include <utility>

namespace ostd {

struct DupRight {};
// The right to make a second capability with the same rights.
inline constexpr DupRight kDup{};

// A set of rights on objects of one type; T may be incomplete.
template <class T>
struct Rights {
  u32 bits = 0;  // public, so that a value can be a template argument
  constexpr Rights() = default;
  constexpr Rights(DupRight) : bits(1U << 31) {}
  static consteval Rights bit(u32 n) {
    OSTD_CHECK(n < 31);
    Rights r;
    r.bits = 1U << n;
    return r;
  }
  static constexpr Rights all() {
    Rights r;
    r.bits = ~0U;
    return r;
  }
  constexpr bool contains(Rights o) const { return (o.bits & ~bits) == 0; }
  constexpr friend Rights operator|(Rights a, Rights b) { a.bits |= b.bits; return a; }
  constexpr friend Rights operator&(Rights a, Rights b) { a.bits &= b.bits; return a; }
  constexpr bool operator==(const Rights&) const = default;
};

// What mints the machine's root capabilities. Only services/boot can name it (plugin rule S19), and tests.
class OSTD_ROOT RootKey {
 public:
  explicit RootKey() {}
};

template <class T, Rights<T> R> class Cap;
template <class T, Rights<T> R> class CapRef;
template <class T> class DynCap;
template <class T> class WeakCap;

namespace detail {
template <class C> struct RightsOf;  // of capabilities only: nothing else can claim to have rights
template <class T, Rights<T> R> struct RightsOf<Cap<T, R>> { static constexpr Rights<T> value = R; };
template <class T, Rights<T> R> struct RightsOf<CapRef<T, R>> { static constexpr Rights<T> value = R; };
}  // namespace detail

// C is a capability with at least the rights R.
template <class C, auto R>
concept Permits = detail::RightsOf<C>::value.contains(R);

template <class T, Rights<T> R>
class OSTD_VIEW CapRef : public T::Calls {
 public:
  template <Rights<T> S>
    requires(S.contains(R))
  CapRef(const Cap<T, S>& c OSTD_LIFETIMEBOUND) : p_(&*c) {}
  template <Rights<T> S>
    requires(S.contains(R) && S != R)
  CapRef(const CapRef<T, S>& c) : p_(c.p_) {}
  CapRef(const CapRef&) = default;
  CapRef& operator=(const CapRef&) = delete;
  // What needs no right.
  const T* operator->() const OSTD_LIFETIMEBOUND { return p_; }
  const T& operator*() const OSTD_LIFETIMEBOUND { return *p_; }

 private:
  template <class U, Rights<U> S> friend class CapRef;
  template <class U> friend class DynCap;
  explicit CapRef(const T& o OSTD_LIFETIMEBOUND) : p_(&o) {}
  const T* p_;
};

template <class T, Rights<T> R>
class OSTD_OWNED Cap : public T::Calls {
 public:
  static Cap mint(const typename T::MintKey&, Ref<T> object) { return Cap(std::move(object)); }
  Cap(Cap&&) noexcept = default;
  Cap& operator=(Cap&&) noexcept = default;
  template <Rights<T> S>
    requires(S.contains(R) && S != R)
  Cap(Cap<T, S>&& o) noexcept : o_(std::move(o.o_)) {}
  Cap dup() const
    requires(R.contains(kDup))
  {
    return Cap(o_);
  }
  const Ref<T>& ref() const OSTD_LIFETIMEBOUND { return o_; }  // the object without rights
  const T* operator->() const OSTD_LIFETIMEBOUND { return &*o_; }
  const T& operator*() const OSTD_LIFETIMEBOUND { return *o_; }

 private:
  static_assert(std::is_base_of_v<RefCounted, T> && std::is_empty_v<typename T::Calls>);
  template <class U, Rights<U> S> friend class Cap;
  template <class U> friend class DynCap;
  explicit Cap(Ref<T> object) : o_(std::move(object)) {}
  Ref<T> o_;
};

template <class T>
class OSTD_OWNED DynCap {
 public:
  static DynCap mint(const typename T::MintKey&, Ref<T> object, Rights<T> rights) { return DynCap(std::move(object), rights); }
  DynCap(DynCap&&) noexcept = default;
  DynCap& operator=(DynCap&&) noexcept = default;
  template <Rights<T> S>
  DynCap(Cap<T, S>&& o) noexcept : o_(std::move(o.o_)), rights_(S) {}
  bool allows(Rights<T> r) const { return rights_.contains(r); }
  // The check: a borrow with the rights R. Errors: `otherwise` when a right is missing.
  template <Rights<T> R>
  Result<CapRef<T, R>> as(Errc otherwise = Errc::not_permitted) const& OSTD_LIFETIMEBOUND {
    if (!rights_.contains(R)) return otherwise;
    return CapRef<T, R>(*o_);
  }
  template <Rights<T> R>
  Result<CapRef<T, R>> as(Errc otherwise = Errc::not_permitted) const&& = delete;  // it would outlive the owner
  // The same, giving the capability itself away.
  template <Rights<T> R>
  Result<Cap<T, R>> into(Errc otherwise = Errc::not_permitted) && {
    if (!rights_.contains(R)) return otherwise;
    return Cap<T, R>(std::move(o_));
  }
  // Only what is in both sets stays.
  DynCap narrow(Rights<T> keep) && { return DynCap(std::move(o_), rights_ & keep); }
  // A static capability beside this one. Errors: `otherwise` without the rights R and kDup.
  template <Rights<T> R>
  Result<Cap<T, R>> share(Errc otherwise = Errc::not_permitted) const {
    if (!rights_.contains(R | kDup)) return otherwise;
    return Cap<T, R>(o_);
  }
  // Errors: not_permitted without the right kDup.
  Result<DynCap> dup() const {
    if (!rights_.contains(kDup)) return Errc::not_permitted;
    return DynCap(o_, rights_);
  }
  const Ref<T>& ref() const OSTD_LIFETIMEBOUND { return o_; }  // the object without rights
  const T* operator->() const OSTD_LIFETIMEBOUND { return &*o_; }
  const T& operator*() const OSTD_LIFETIMEBOUND { return *o_; }

 private:
  template <class U> friend class WeakCap;
  DynCap(Ref<T> object, Rights<T> rights) : o_(std::move(object)), rights_(rights) {}
  Ref<T> o_;
  Rights<T> rights_;
};

template <class T>
class OSTD_OWNED WeakCap {
 public:
  explicit WeakCap(DynCap<T> c) : o_(c.o_), rights_(c.rights_) {}
  WeakCap(WeakCap&&) noexcept = default;
  WeakCap& operator=(WeakCap&&) noexcept = default;
  Opt<DynCap<T>> lock() const {
    Opt<Ref<T>> o = o_.lock();
    if (!o) return none;
    return DynCap<T>(*std::move(o), rights_);
  }

 private:
  Weak<T> o_;
  Rights<T> rights_;
};

}  // namespace ostd
