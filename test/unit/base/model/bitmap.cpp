// SPDX-License-Identifier: MPL-2.0
// Bitmap against std::vector<bool>.
#include "model.h"
#include <algorithm>
#include <base/bitmap.h>
#include <vector>

using namespace ostd;

namespace {
using Model = std::vector<bool>;

Opt<usize> search(const Model& m, usize from, bool what) {
  for (usize i = from; i < m.size(); ++i)
    if (m[i] == what) return i;
  return none;
}
Opt<usize> last(const Model& m) {
  for (usize i = m.size(); i != 0; --i)
    if (m[i - 1]) return i - 1;
  return none;
}
Opt<usize> zero_run(const Model& m, usize from, usize n) {
  usize run = 0;
  for (usize i = from; i < m.size(); ++i) {
    run = m[i] ? 0 : run + 1;
    if (run == n) return i + 1 - n;
  }
  return none;
}
bool same(const Bitmap& b, const Model& m) {
  if (b.size() != m.size() || b.count() != static_cast<usize>(std::count(m.begin(), m.end(), true))) return false;
  for (usize i = 0; i < m.size(); ++i)
    if (b.test(i) != m[i]) return false;
  return true;
}
}  // namespace

TEST_CASE("Bitmap does what a vector of bool does", "[model]") {
  u32 refusals = 0;
  MODEL_ROUNDS(r, 8) {
    Bitmap b;
    Model m;
    const auto equal = [&] { return same(b, m); };
    MODEL_STEPS(r, 5000) {
      const usize i = m.empty() ? 0 : r.rng.below(static_cast<u32>(m.size())), k = m.empty() ? 0 : r.rng.below(static_cast<u32>(m.size() - i) + 1);
      const usize n = r.rng.below(4) == 0 ? 64 * r.rng.below(5) : r.rng.below(300);
      switch (r.rng.below(12)) {
        case 0: case 1: case 2: if (!m.empty()) { HOLDS(r, b.set(i) == m[i]); m[i] = true; } break;
        case 3: case 4: if (!m.empty()) { HOLDS(r, b.clear(i) == m[i]); m[i] = false; } break;
        case 5: b.set_range(i, k / 4); std::fill_n(m.begin() + static_cast<std::ptrdiff_t>(i), k / 4, true); break;
        case 6: b.clear_range(i, k); std::fill_n(m.begin() + static_cast<std::ptrdiff_t>(i), k, false); break;
        case 7: case 8: if (r.step % 8 == 0) { r.grow([&] { b.resize(n); }, equal); m.resize(n); } break;
        case 9: {
          Bitmap c(b), d(n);
          HOLDS(r, same(d, Model(n)));
          d = c;
          b = std::move(c);
          HOLDS(r, c.size() == 0 && c.count() == 0 && !c.first_zero_from(0).has_value() && !c.last_set().has_value());
          HOLDS(r, same(d, m));
          Bitmap& self = b;
          b = self;
          b = std::move(self);
          break;
        }
        case 10: if (n == 0) { b.clear_all(); m.assign(m.size(), false); } break;
        case 11: CHECK_PANICS_RARELY(r, b.set(m.size() + n)); CHECK_PANICS_RARELY(r, b.clear(m.size() + n)); CHECK_PANICS_RARELY(r, b.test(SIZE_MAX - n)); break;
      }
      HOLDS(r, same(b, m));
      const usize from = r.rng.below(320), run = 1 + r.rng.below(r.rng.below(2) == 0 ? 5 : 150);
      HOLDS(r, b.first_set_from(from) == search(m, from, true) && b.first_zero_from(from) == search(m, from, false));
      HOLDS(r, b.find_first_set() == search(m, 0, true) && b.find_first_zero() == search(m, 0, false));
      HOLDS(r, b.zero_run_from(from, run) == zero_run(m, from, run));
      HOLDS(r, b.last_set() == last(m));
    }
    refusals += r.refusals;
  }
  CHECK(refusals != 0);
}
