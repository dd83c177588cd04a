// SPDX-License-Identifier: MPL-2.0
// Vec and SmallVec against std::vector.
#include "model.h"
#include <algorithm>
#include <base/small_vec.h>
#include <vector>

using namespace ostd;
using test::Item;
using test::Mover;

namespace {
template <class V>
bool same(const V& v, const std::vector<int>& m) {
  if (v.size() != m.size() || v.empty() != m.empty() || v.capacity() < v.size()) return false;
  for (usize i = 0; i < m.size(); ++i)
    if (v[i].value() != m[i]) return false;
  usize k = 0;
  for (const auto& e : v)
    if (k >= m.size() || e.value() != m[k++]) return false;
  return k == m.size() && v.items().size() == k;
}

// Grows for a while, then shrinks.
bool shrinks(const test::Round& r) { return r.step / 512 % 2 != 0; }

// What every element type can do. False: none of these was chosen.
template <class V>
bool moving_step(test::Round& r, V& v, std::vector<int>& m) {
  const int x = static_cast<int>(r.rng.below(1000));
  const usize n = m.size(), i = n == 0 ? 0 : r.rng.below(static_cast<u32>(n));
  const auto at = [&](usize k) { return m.begin() + static_cast<std::ptrdiff_t>(k); };
  const auto equal = [&] { return same(v, m); };
  switch (r.rng.below(18)) {
    case 0: case 1: case 2: case 3: r.grow([&] { v.push_back(x); }, equal); m.push_back(x); return true;
    case 4: case 5: { const usize to = n == 0 ? 0 : r.rng.below(static_cast<u32>(n) + 1); r.grow([&] { v.insert(to, x); }, equal); m.insert(at(to), x); return true; }
    case 6: if (n != 0) { HOLDS(r, v.pop_back().value() == m.back()); m.pop_back(); } return true;
    case 7: if (n != 0) { HOLDS(r, v.remove(i).value() == m[i]); m.erase(at(i)); } return true;
    case 8: if (n != 0) { HOLDS(r, v.swap_remove(i).value() == m[i]); m[i] = m.back(); m.pop_back(); } return true;
    case 9: if (shrinks(r) && x % 4 == 0) { v.truncate(i); m.resize(std::min(i, n)); } return true;
    case 10: {
      const int k = shrinks(r) ? 2 + x % 7 : 29, rest = x % k;
      const usize gone = v.remove_if([&](const auto& e) { return e.value() % k == rest; });
      HOLDS(r, gone == std::erase_if(m, [&](int t) { return t % k == rest; }));
      return true;
    }
    case 11: r.grow([&] { v.reserve(i + 3); }, equal); HOLDS(r, v.capacity() >= i + 3); return true;
    case 12: if (x % 8 == 0) { v.sort([](const auto& a, const auto& b) { return a < b; }); std::sort(m.begin(), m.end()); } return true;
    case 13: { V w(std::move(v)); HOLDS(r, v.empty()); HOLDS(r, same(w, m)); v.push_back(x); v = std::move(w); HOLDS(r, w.empty()); return true; }
    case 14: if (n != 0) { v[i] = x; m[i] = x; v.items()[i].v = x; v.front().v = m.front() = x; v.back().v = m.back() = x; } return true;
    case 15: if (x % 32 == 0) { v.clear(); m.clear(); HOLDS(r, v.capacity() == V().capacity()); } return true;
    case 16: { V& self = v; v = std::move(self); return true; }
    default: return false;
  }
}

// What needs elements that can be copied.
template <class V>
void copying_step(test::Round& r, V& v, std::vector<int>& m) {
  const int x = static_cast<int>(r.rng.below(1000));
  const usize n = m.size(), i = n == 0 ? 0 : r.rng.below(static_cast<u32>(n));
  const auto equal = [&] { return same(v, m); };
  switch (r.rng.below(9)) {
    case 0: { const usize k = n * 7 / 8 + r.rng.below(40); r.grow([&] { v.resize(k, Item(x)); }, equal); m.resize(k, x); break; }
    case 1: { const usize k = n * 7 / 8 + r.rng.below(40); r.grow([&] { v.resize(k); }, equal); m.resize(k, 0); break; }
    case 2: if (n != 0) { r.grow([&] { v.resize(n + 3, v[i]); }, equal); m.resize(n + 3, m[i]); } break;  // a reference into itself
    case 3: if (n < 100) {  // a part of itself
      const usize k = n == 0 ? 0 : r.rng.below(static_cast<u32>(n - i) + 1);
      r.grow([&] { v.append(v.items().subspan(i, k)); }, equal);
      const std::vector<int> part(m.begin() + static_cast<std::ptrdiff_t>(i), m.begin() + static_cast<std::ptrdiff_t>(i + k));
      m.insert(m.end(), part.begin(), part.end());
    } break;
    case 4: if (n != 0) { r.grow([&] { v.push_back(v[i]); }, equal); m.push_back(m[i]); } break;
    case 5: if (n != 0) { r.grow([&] { v.insert(i, v.back()); }, equal); m.insert(m.begin() + static_cast<std::ptrdiff_t>(i), m.back()); } break;
    case 6: { V w(v); HOLDS(r, w == v); w.push_back(x); HOLDS(r, !(w == v)); v = w; m.push_back(x); V& self = v; v = self; break; }
    case 7: {
      const V w = V::from(v.items()), u = V::filled(i, Item(x));
      HOLDS(r, same(w, m));
      HOLDS(r, u.size() == i && (i == 0 || (u.front().value() == x && u.back().value() == x)));
      break;
    }
    case 8: {
      const Opt<usize> found = v.index_of(Item(x));
      const auto want = std::find(m.begin(), m.end(), x);
      HOLDS(r, found.has_value() == (want != m.end()));
      if (found.has_value()) HOLDS(r, *found == static_cast<usize>(want - m.begin()));
      break;
    }
  }
}
}  // namespace

TEMPLATE_TEST_CASE("Vec does what std::vector does", "[model]", Vec<Item>, (SmallVec<Item, 1>), (SmallVec<Item, 5>), (SmallVec<Item, 64>)) {
  u32 refusals = 0;
  MODEL_ROUNDS(r, 8) {
    {
      TestType v;
      std::vector<int> m;
      MODEL_STEPS(r, 10000) {
        if (!moving_step(r, v, m)) copying_step(r, v, m);
        HOLDS(r, same(v, m));
        if (m.size() > 200) { v.truncate(50); m.resize(50); }
      }
    }
    test::elements_are_gone();
    refusals += r.refusals;
  }
  CHECK(refusals != 0);
}

TEMPLATE_TEST_CASE("Vec does what std::vector does with elements that only move", "[model]", Vec<Mover>, (SmallVec<Mover, 5>)) {
  MODEL_ROUNDS(r, 8) {
    {
      TestType v;
      std::vector<int> m;
      MODEL_STEPS(r, 10000) {
        if (!moving_step(r, v, m)) continue;
        HOLDS(r, same(v, m));
        if (m.size() > 200) { v.truncate(50); m.resize(50); }
      }
    }
    test::elements_are_gone();
  }
}
