// SPDX-License-Identifier: MPL-2.0
// Integer arithmetic that says when it does not fit. checked_*: nothing on overflow. wrapping_*: modulo 2^n, for hashes, rings
// and sequence numbers (plain unsigned arithmetic that wraps is a trap under the integer sanitizer). saturating_*: the nearest
// value. CheckedU64: a chain of steps with one question at the end.
#pragma once
#include <base/opt.h>
#include <base/types.h>
#include <concepts>
#include <limits>

namespace ostd {

template <std::integral T>
constexpr Opt<T> checked_add(T a, std::type_identity_t<T> b) { T r = 0; return __builtin_add_overflow(a, b, &r) ? Opt<T>() : Opt<T>(r); }
template <std::integral T>
constexpr Opt<T> checked_sub(T a, std::type_identity_t<T> b) { T r = 0; return __builtin_sub_overflow(a, b, &r) ? Opt<T>() : Opt<T>(r); }
template <std::integral T>
constexpr Opt<T> checked_mul(T a, std::type_identity_t<T> b) { T r = 0; return __builtin_mul_overflow(a, b, &r) ? Opt<T>() : Opt<T>(r); }

template <std::unsigned_integral T>
constexpr T wrapping_add(T a, std::type_identity_t<T> b) { T r = 0; (void)__builtin_add_overflow(a, b, &r); return r; }
template <std::unsigned_integral T>
constexpr T wrapping_sub(T a, std::type_identity_t<T> b) { T r = 0; (void)__builtin_sub_overflow(a, b, &r); return r; }
template <std::unsigned_integral T>
constexpr T wrapping_mul(T a, std::type_identity_t<T> b) { T r = 0; (void)__builtin_mul_overflow(a, b, &r); return r; }

template <std::integral T>
constexpr T saturating_add(T a, std::type_identity_t<T> b) {
  T r = 0;
  if (!__builtin_add_overflow(a, b, &r)) return r;
  return b < 0 ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
}
template <std::integral T>
constexpr T saturating_sub(T a, std::type_identity_t<T> b) {
  T r = 0;
  if (!__builtin_sub_overflow(a, b, &r)) return r;
  return b < 0 ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
}
template <std::integral T>
constexpr T saturating_mul(T a, std::type_identity_t<T> b) {
  T r = 0;
  if (!__builtin_mul_overflow(a, b, &r)) return r;
  return (a < 0) != (b < 0) ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
}

// The same number in another type, if it has it there.
template <std::integral To, std::integral From>
constexpr Opt<To> narrow(From v) { To r = 0; return __builtin_add_overflow(v, From{0}, &r) ? Opt<To>() : Opt<To>(r); }
// The low bits, on purpose.
template <std::unsigned_integral To, std::integral From>
constexpr To low_bits(From v) { To r = 0; (void)__builtin_add_overflow(v, From{0}, &r); return r; }

// Up to the next multiple of `unit` (not 0).
template <std::unsigned_integral T>
constexpr Opt<T> checked_round_up(T v, std::type_identity_t<T> unit) {
  const T rest = static_cast<T>(v % unit);
  return rest == 0 ? Opt<T>(v) : checked_add<T>(v, static_cast<T>(unit - rest));
}
// Quotient rounded up; never overflows.
template <std::unsigned_integral T>
constexpr T div_up(T v, std::type_identity_t<T> unit) { return static_cast<T>(v / unit + (v % unit != 0 ? 1 : 0)); }

class CheckedU64 {
 public:
  constexpr CheckedU64() = default;
  constexpr CheckedU64(u64 v) : value_(v) {}
  constexpr CheckedU64 operator+(CheckedU64 o) const { return step(o, checked_add<u64>(value_, o.value_)); }
  constexpr CheckedU64 operator-(CheckedU64 o) const { return step(o, checked_sub<u64>(value_, o.value_)); }
  constexpr CheckedU64 operator*(CheckedU64 o) const { return step(o, checked_mul<u64>(value_, o.value_)); }
  constexpr CheckedU64 operator/(CheckedU64 o) const { return step(o, o.value_ == 0 ? Opt<u64>() : Opt<u64>(value_ / o.value_)); }
  constexpr CheckedU64& operator+=(CheckedU64 o) { return *this = *this + o; }
  constexpr CheckedU64& operator-=(CheckedU64 o) { return *this = *this - o; }
  constexpr CheckedU64& operator*=(CheckedU64 o) { return *this = *this * o; }
  constexpr CheckedU64 round_up(u64 unit) const {
    return step(CheckedU64(), unit == 0 ? Opt<u64>() : checked_round_up<u64>(value_, unit));
  }
  constexpr bool valid() const { return valid_; }
  // Nothing when any step did not fit.
  constexpr Opt<u64> get() const { return valid_ ? Opt<u64>(value_) : Opt<u64>(); }

 private:
  constexpr CheckedU64 step(const CheckedU64& o, const Opt<u64>& r) const {
    CheckedU64 n;
    n.valid_ = valid_ && o.valid_ && r.has_value();
    if (n.valid_) n.value_ = *r;
    return n;
  }
  u64 value_ = 0;
  bool valid_ = true;
};

}  // namespace ostd
