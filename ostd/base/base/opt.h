// SPDX-License-Identifier: MPL-2.0
// Opt<T>: a value or nothing; reading nothing panics.
#pragma once
#include <base/annotations.h>
#include <base/trap.h>
#include <concepts>
#include <new>
#include <type_traits>
#include <utility>

namespace ostd {

struct None {};
inline constexpr None none{};

// Of a T that is copied as bytes it is copied as bytes too, so that calls return it in registers.
// SAFETY (invariant): slot_.value is alive exactly while has_ is true.
template <class T>
class OSTD_OWNED Opt {
  // With padding behind the bool, so that it is never PlainData (bytes.h).
  static constexpr bool kAsBytes = std::is_trivially_copyable_v<T> && alignof(T) > alignof(bool);

 public:
  constexpr Opt() = default;
  constexpr Opt(None) {}
  constexpr Opt(T v) : has_(true) { ::new (static_cast<void*>(&slot_.value)) T(std::move(v)); }
  constexpr Opt(Opt&&) requires kAsBytes = default;
  constexpr Opt(const Opt&) requires kAsBytes = default;
  constexpr Opt(Opt&& o) noexcept : has_(o.has_) {
    if (has_) ::new (static_cast<void*>(&slot_.value)) T(std::move(o.slot_.value));
  }
  constexpr Opt(const Opt& o) requires(std::is_copy_constructible_v<T> && !kAsBytes) : has_(o.has_) {
    if (has_) ::new (static_cast<void*>(&slot_.value)) T(o.slot_.value);
  }
  constexpr Opt& operator=(Opt&& o) noexcept {
    if (this != &o) {
      reset();
      if (o.has_) { ::new (static_cast<void*>(&slot_.value)) T(std::move(o.slot_.value)); has_ = true; }
    }
    return *this;
  }
  constexpr Opt& operator=(const Opt& o) requires std::is_copy_constructible_v<T> {
    if (this != &o) { Opt copy(o); *this = std::move(copy); }
    return *this;
  }
  constexpr ~Opt() requires kAsBytes = default;
  constexpr ~Opt() { if (has_) slot_.value.~T(); }
  constexpr explicit operator bool() const { return has_; }
  constexpr bool has_value() const { return has_; }
  constexpr T& operator*() & OSTD_LIFETIMEBOUND { return get(); }
  constexpr const T& operator*() const& OSTD_LIFETIMEBOUND { return get(); }
  constexpr T operator*() && { return std::move(get()); }
  constexpr T* operator->() OSTD_LIFETIMEBOUND { return &get(); }
  constexpr const T* operator->() const OSTD_LIFETIMEBOUND { return &get(); }
  constexpr T& value() & OSTD_LIFETIMEBOUND { return get(); }
  constexpr const T& value() const& OSTD_LIFETIMEBOUND { return get(); }
  constexpr T value() && { return std::move(get()); }
  constexpr T value_or(T other) const& requires std::is_copy_constructible_v<T> { return has_ ? get() : std::move(other); }
  constexpr T value_or(T other) && { return has_ ? std::move(get()) : std::move(other); }
  // Equal: both have equal values, or neither has one.
  constexpr friend bool operator==(const Opt& a, const Opt& b) requires std::equality_comparable<T> {
    return a.has_ == b.has_ && (!a.has_ || a.slot_.value == b.slot_.value);
  }
  // Moves the value out and leaves nothing.
  constexpr Opt take() { Opt r(std::move(*this)); reset(); return r; }
  constexpr void reset() { if (has_) { has_ = false; slot_.value.~T(); } }
  constexpr T& emplace(T v) OSTD_LIFETIMEBOUND { *this = Opt(std::move(v)); return get(); }

 private:
  constexpr T& get() { OSTD_CHECK(has_ && "Opt has a value"); return slot_.value; }
  constexpr const T& get() const { OSTD_CHECK(has_ && "Opt has a value"); return slot_.value; }
  union Slot {
    constexpr Slot() {}
    constexpr ~Slot() requires kAsBytes = default;
    constexpr ~Slot() {}
    T value;
  } slot_;
  bool has_ = false;
};

}  // namespace ostd
