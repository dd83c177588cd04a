// SPDX-License-Identifier: MPL-2.0
// StaticFn: a function known at compile time, kept in constant tables. No object, no lifetime.
#pragma once
#include <base/annotations.h>
#include <base/trap.h>
#include <utility>

namespace ostd {

template <class Sig> class StaticFn;
template <class R, class... A>
class OSTD_OWNED StaticFn<R(A...)> {
 public:
  constexpr StaticFn() = default;
  consteval StaticFn(R (&f)(A...)) : f_(&f) {}
  constexpr explicit operator bool() const { return f_ != nullptr; }
  R operator()(A... a) const {
    OSTD_CHECK(f_ != nullptr && "StaticFn is set");
    return f_(std::forward<A>(a)...);
  }

 private:
  R (*f_)(A...) = nullptr;
};

}  // namespace ostd
