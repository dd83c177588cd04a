// SPDX-License-Identifier: MPL-2.0
// What every unit test includes: Catch2, and panics as exceptions, so that a test can see that a check stops a mistake.
#pragma once
#include <base/types.h>
#include <catch2/catch.hpp>
#include <string>

namespace test {

// Thrown by ostd::panic and ostd::check_failed in unit tests.
struct Panic {
  std::string what;
};

// Repeatable pseudo-random numbers (a linear congruential generator, upper bits).
class Rng {
 public:
  explicit Rng(ostd::u64 seed) : state_(seed * 2 + 1) {}
  ostd::u32 next() {
    state_ = static_cast<ostd::u64>((static_cast<unsigned __int128>(state_) * 6364136223846793005ULL + 1442695040888963407ULL) & UINT64_MAX);
    return static_cast<ostd::u32>(state_ >> 33);
  }
  ostd::u32 below(ostd::u32 n) { return next() % n; }

 private:
  ostd::u64 state_;
};

// Counts how many exist, to see that containers destroy exactly what they made. Moved-from: -1.
struct Tracked {
  static inline int alive = 0;
  int v;
  Tracked(int x = 0) : v(x) { ++alive; }
  Tracked(const Tracked& o) : v(o.v) { ++alive; }
  Tracked(Tracked&& o) noexcept : v(o.v) { o.v = -1; ++alive; }
  Tracked& operator=(const Tracked&) = default;
  Tracked& operator=(Tracked&& o) noexcept { const int x = o.v; o.v = -1; v = x; return *this; }
  ~Tracked() { --alive; }
  bool operator==(const Tracked& o) const { return v == o.v; }
  bool operator<(const Tracked& o) const { return v < o.v; }
};

}  // namespace test

// The expression must end in a panic.
#define CHECK_PANICS(...) CHECK_THROWS_AS([&] { (void)(__VA_ARGS__); }(), ::test::Panic)
