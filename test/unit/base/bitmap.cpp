// SPDX-License-Identifier: MPL-2.0
#include <base/bitmap.h>
#include <unit.h>
#include <vector>

using namespace ostd;

static Opt<usize> search(const std::vector<bool>& m, usize from, bool what) {
  for (usize i = from; i < m.size(); ++i)
    if (m[i] == what) return i;
  return none;
}
static bool equal(const Opt<usize>& a, const Opt<usize>& b) { return a.has_value() == b.has_value() && (!a.has_value() || *a == *b); }

TEST_CASE("Bitmap does what a vector of bool does", "[bitmap]") {
  for (u64 seed = 1; seed <= 20; ++seed) {
    test::Rng rng(seed);
    usize n = 1 + rng.below(300);
    Bitmap b(n);
    std::vector<bool> m(n);
    for (int step = 0; step < 500; ++step) {
      const usize i = rng.below(static_cast<u32>(n));
      switch (rng.below(7)) {
        case 0: case 1: CHECK(b.set(i) == m[i]); m[i] = true; break;
        case 2: CHECK(b.clear(i) == m[i]); m[i] = false; break;
        case 3: { const usize k = rng.below(static_cast<u32>(n - i) + 1); b.set_range(i, k); for (usize j = 0; j < k; ++j) m[i + j] = true; break; }
        case 4: { const usize k = rng.below(static_cast<u32>(n - i) + 1); b.clear_range(i, k); for (usize j = 0; j < k; ++j) m[i + j] = false; break; }
        case 5: if (step % 10 == 0) { n = 1 + rng.below(300); b.resize(n); m.resize(n); } break;
        case 6: { Bitmap c(b); b = std::move(c); CHECK(c.size() == 0); CHECK(!c.find_first_zero().has_value()); break; }
      }
      REQUIRE(b.size() == m.size());
      REQUIRE(b.count() == static_cast<usize>(std::count(m.begin(), m.end(), true)));
      const usize from = rng.below(320);
      REQUIRE(equal(b.first_set_from(from), search(m, from, true)));
      REQUIRE(equal(b.first_zero_from(from), search(m, from, false)));
      const usize run = 1 + rng.below(5);
      Opt<usize> want;
      for (usize s = from; !want.has_value() && s + run <= n; ++s) {
        bool clear = true;
        for (usize j = 0; j < run; ++j) clear = clear && !m[s + j];
        if (clear) want = s;
      }
      REQUIRE(equal(b.zero_run_from(from, run), want));
    }
  }
}

TEST_CASE("Bitmap traps what is out of bounds", "[bitmap]") {
  Bitmap b(65);
  CHECK_PANICS(b.set(65));
  CHECK_PANICS(b.test(100));
  CHECK_PANICS(b.clear(65));
  CHECK_PANICS(Bitmap().set(0));
  CHECK(!b.set(64));
  b.clear_all();
  CHECK(b.count() == 0);
}

TEST_CASE("Bitmap finds the last bit that is set", "[bitmap]") {
  Bitmap b(300);
  CHECK(!b.last_set().has_value());
  for (const usize i : {0UL, 63UL, 64UL, 200UL, 299UL}) {
    b.set(i);
    CHECK(*b.last_set() == i);
  }
  b.clear(299);
  CHECK(*b.last_set() == 200);
}
