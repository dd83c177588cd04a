// SPDX-License-Identifier: MPL-2.0
// How a callback of each() ends the walk: by returning Walk::stop. A callback that returns nothing sees every element.
#pragma once
#include <base/trap.h>
#include <base/types.h>
#include <type_traits>
#include <utility>

namespace ostd {

enum class Walk : u8 { go, stop };

namespace detail {
// True: go on.
template <class F, class... A>
bool walk_call(F& f, A&&... a) {
  using R = std::invoke_result_t<F&, A...>;
  if constexpr (std::is_void_v<R>) {
    f(std::forward<A>(a)...);
    return true;
  } else {
    static_assert(std::is_same_v<R, Walk>, "a callback of each() returns nothing or Walk");
    return f(std::forward<A>(a)...) == Walk::go;
  }
}

// Counts callbacks that now hold a borrow of an element: changing the container meanwhile is a panic, not a dangling borrow.
class Pins {
 public:
  class Hold {
   public:
    explicit Hold(Pins& p) : p_(p) { ++p_.n_; }
    ~Hold() { --p_.n_; }
    Hold(const Hold&) = delete;

   private:
    Pins& p_;
  };
  Pins() = default;
  // A container that was moved to starts with none.
  Pins(const Pins&) {}
  Pins& operator=(const Pins&) { return *this; }
  void check() const { OSTD_CHECK(n_ == 0 && "container changed by a callback that borrows from it"); }

 private:
  u32 n_ = 0;
};
}  // namespace detail

}  // namespace ostd
