// SPDX-License-Identifier: MPL-2.0
// What the model tests share: random operations on a container of ostd and on a plain model of it must keep both equal.
// The numbers follow from Catch2's seed (0 if none is given): `unit '[model]' --rng-seed 7` runs others, and a failure
// names seed, round and step. Memory can be refused: the container must then be as it was.
#pragma once
#include <base/hash.h>
#include <unit.h>
#include <utility>

namespace test {

// The n-th allocation of this thread from now on panics (one only); 0: none. Returns what was left of an earlier order.
ostd::u32 refuse_memory(ostd::u32 nth);

// One round of a model test. Declared by MODEL_ROUNDS.
struct Round {
  ostd::u64 number;
  ostd::u32 step = 0;
  Rng rng{Catch::rngSeed() * 1000003ULL + number};
  ostd::u32 refusals = 0;

  // Runs op, at times with memory refused; then op must not have changed anything that same() looks at, and runs again.
  template <class Op, class Same>
  void grow(Op&& op, Same&& same) {
    if (rng.below(4) == 0) {
      bool refused = false;
      refuse_memory(1 + rng.below(3));
      try {
        op();
      } catch (const Panic& p) {
        refused = true;
        if (p.what != "memory refused") {
          refuse_memory(0);
          throw;
        }
      }
      refuse_memory(0);
      if (!refused) return;
      ++refusals;
      if (!same()) fail("something changed though memory was refused");
    }
    if (!same()) fail("not equal before growing");
    op();
  }
  [[noreturn]] void fail(const char* what) const {
    FAIL("--rng-seed " << Catch::rngSeed() << ", round " << number << ", step " << step << ": " << what);
    __builtin_unreachable();
  }
};

// Elements that know whether they are alive. Movers cannot be copied. Moved-from: -1.
template <bool Copies>
struct Element {
  static inline long alive = 0;
  static inline long mistakes = 0;  // uses of objects that are not alive
  static constexpr ostd::u32 kAlive = 0x600d'11fe, kDead = 0xdead'11fe;
  int v;
  ostd::u32 state = kAlive;

  Element(int x = 0) : v(x) { ++alive; }
  Element(const Element& o) requires Copies : v(o.value()) { ++alive; }
  Element(Element&& o) noexcept : v(o.value()) { o.v = -1; ++alive; }
  Element& operator=(const Element& o) requires Copies { (void)value(); v = o.value(); return *this; }
  Element& operator=(Element&& o) noexcept { const int x = o.value(); (void)value(); o.v = -1; v = x; return *this; }
  ~Element() { (void)value(); state = kDead; --alive; }
  int value() const { mistakes += state == kAlive ? 0 : 1; return v; }
  bool operator==(const Element& o) const { return value() == o.value(); }
  bool operator<(const Element& o) const { return value() < o.value(); }
  friend void hash_append(ostd::Hasher& h, const Element& e) { h.add(static_cast<ostd::u64>(e.value())); }
};
using Item = Element<true>;
using Mover = Element<false>;

// Fails unless every element was destroyed once.
inline void elements_are_gone() {
  const long left = std::exchange(Item::alive, 0) + std::exchange(Mover::alive, 0);
  const long mistakes = std::exchange(Item::mistakes, 0) + std::exchange(Mover::mistakes, 0);
  REQUIRE(left == 0);
  REQUIRE(mistakes == 0);
}

}  // namespace test

// for (each of n rounds): `r` is a test::Round.
#define MODEL_ROUNDS(r, n) for (::test::Round r{0}; r.number < (n); r = ::test::Round{r.number + 1})
// For each step of a round.
#define MODEL_STEPS(r, n) for (r.step = 0; r.step < (n); ++r.step)
// Cheaper than REQUIRE, and says where.
#define HOLDS(r, ...) ((__VA_ARGS__) ? (void)0 : (r).fail(#__VA_ARGS__))
// The expression must end in a panic; at one step in 64, since exceptions are slow.
#define CHECK_PANICS_RARELY(r, ...) \
  if ((r).rng.below(64) == 0) CHECK_PANICS(__VA_ARGS__)
