// SPDX-License-Identifier: MPL-2.0
// Fn: an owning callable, may be kept and sent to another task. FnRef: a borrowed callable, a parameter only.
#pragma once
#include <base/annotations.h>
#include <base/atomic.h>
#include <base/trap.h>
#include <memory>
#include <type_traits>
#include <utility>

namespace ostd {

template <class Sig> class FnRef;
template <class R, class... A>
// SAFETY (invariant): obj_ is only given to the call_ (and drop_) that was made beside it, for the type it was made from.
class OSTD_VIEW FnRef<R(A...)> {
 public:
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, FnRef> && std::is_invocable_r_v<R, F&, A...>)
  // SAFETY: call_ gives the callable its own constness back.
  FnRef(F&& f) : obj_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
                 call_([](void* o, A... a) -> R { return (*static_cast<std::remove_reference_t<F>*>(o))(std::forward<A>(a)...); }) {}
  R operator()(A... a) const { return call_(obj_, std::forward<A>(a)...); }

 private:
  void* obj_;
  R (*call_)(void*, A...);
};

namespace detail {
// A callable that changes its own state. Holders of a shared Fn could call it at once: then the second call panics.
template <class F>
struct OneCall {
  explicit OneCall(F&& from) : f(std::move(from)) {}
  struct Turn {
    explicit Turn(const Atomic<bool>& b) : busy(b) { OSTD_CHECK(!busy.exchange(true, Order::acquire) && "a mutable callable runs once at a time"); }
    ~Turn() { busy.store(false, Order::release); }
    Turn(const Turn&) = delete;
    const Atomic<bool>& busy;
  };
  F f;
  Atomic<bool> busy{};
};
}  // namespace detail

template <class Sig> class Fn;
// Move-only; the callable is kept on the heap unless it is empty. Calling an empty or moved-from Fn panics.
template <class R, class... A>
class OSTD_OWNED Fn<R(A...)> {
 public:
  Fn() = default;
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, Fn> && std::is_invocable_r_v<R, F&, A...>)
  Fn(F f) {
    if constexpr (std::is_invocable_r_v<R, const F&, A...>) {
      obj_ = new F(std::move(f));
      call_ = [](void* o, A... a) -> R { return (*static_cast<const F*>(o))(std::forward<A>(a)...); };
      drop_ = [](void* o) { delete static_cast<F*>(o); };
    } else {
      obj_ = new detail::OneCall<F>(std::move(f));
      call_ = [](void* o, A... a) -> R {
        auto& c = *static_cast<detail::OneCall<F>*>(o);
        typename detail::OneCall<F>::Turn turn(c.busy);
        return c.f(std::forward<A>(a)...);
      };
      drop_ = [](void* o) { delete static_cast<detail::OneCall<F>*>(o); };
    }
  }
  Fn(Fn&& o) noexcept : obj_(std::exchange(o.obj_, nullptr)), call_(std::exchange(o.call_, nullptr)), drop_(o.drop_) {}
  Fn& operator=(Fn&& o) noexcept {
    std::swap(obj_, o.obj_); std::swap(call_, o.call_); std::swap(drop_, o.drop_);
    return *this;
  }
  Fn(const Fn&) = delete;
  ~Fn() { if (obj_) drop_(obj_); }
  explicit operator bool() const { return call_ != nullptr; }
  R operator()(A... a) const { OSTD_CHECK(call_ && "Fn is empty"); return call_(obj_, std::forward<A>(a)...); }

 private:
  void* obj_ = nullptr;
  R (*call_)(void*, A...) = nullptr;
  void (*drop_)(void*) = nullptr;
};

}  // namespace ostd
