// SPDX-License-Identifier: MPL-2.0
// Map, Set and HashMap against std::map: what both offer by one test, the rest apart.
#include "model.h"
#include <base/hash_map.h>
#include <base/map.h>
#include <base/small_vec.h>
#include <map>
#include <set>

using namespace ostd;
using test::Item;
using test::Mover;

namespace {
using Model = std::map<int, int>;

template <class M>
constexpr bool kOrdered = requires(M m) { m.pop_first(); };

template <class M>
bool same(const M& map, const Model& m) {
  if (map.size() != m.size() || map.empty() != m.empty()) return false;
  usize seen = 0;
  bool equal = true;
  auto it = m.begin();
  map.each([&](const auto& k, const auto& v) {
    const auto e = m.find(k.value());
    equal = equal && e != m.end() && v.value() == e->second;
    if constexpr (kOrdered<M>) equal = equal && it++ == e;
    ++seen;
    return equal ? Walk::go : Walk::stop;
  });
  return equal && seen == m.size();
}

template <class M>
void step(test::Round& r, M& map, Model& m, u32 range, u32 kinds) {
  const int k = static_cast<int>(r.rng.below(range)), x = static_cast<int>(r.rng.below(1000));
  const auto equal = [&] { return map.size() == m.size() && (m.size() > 64 || same(map, m)) && map.contains(k) == m.contains(k); };
  const auto was = [&](const auto& old) { return old.has_value() == m.contains(k) && (!old.has_value() || old->value() == m[k]); };
  switch (r.rng.below(kinds)) {
    case 0: case 1: case 2: {
      bool made = false;
      r.grow([&] { made = map.insert(k, x); }, equal);
      HOLDS(r, made == m.emplace(k, x).second);
      break;
    }
    case 3: {
      auto old = decltype(map.put(k, x))();
      r.grow([&] { old = map.put(k, x); }, equal);
      HOLDS(r, was(old));
      m[k] = x;
      break;
    }
    case 4: HOLDS(r, map.with(k, [&](auto& v) { v = x; }) == m.contains(k)); if (m.contains(k)) m[k] = x; break;
    case 5: {
      int seen = -1;
      HOLDS(r, std::as_const(map).with(k, [&](const auto& v) { seen = v.value(); }) == m.contains(k));
      if (m.contains(k)) HOLDS(r, seen == m[k]);
      if (map.update(k, [](auto& v) { v.v += 1; })) m[k] += 1;
      break;
    }
    case 6: if (r.step % 16 == 0) {
      M other(std::move(map));
      HOLDS(r, map.empty() && !map.contains(k) && !map.remove(k).has_value());
      map.insert(k, x);
      map = std::move(other);
      HOLDS(r, other.empty());
      M& self = map;
      map = std::move(self);
    } break;
    case 7: if (r.step % 16 == 0) {
      const int part = 2 + x % 9;
      const usize gone = map.remove_if([&](const auto& key, auto& v) { return (key.value() + v.value()) % part == 0; });
      HOLDS(r, gone == std::erase_if(m, [&](auto& e) { return (e.first + e.second) % part == 0; }));
    } break;
    case 8: if (r.step % 16 == 0) {
      int left = x % 50;  // the walk ends when it is told to
      map.each([&](const auto& key, auto& v) { v = key.value() + x; m[key.value()] = key.value() + x; return left-- == 0 ? Walk::stop : Walk::go; });
    } break;
    case 9: if (x == 0) { map.clear(); m.clear(); } break;
    default: HOLDS(r, was(map.remove(k))); m.erase(k); break;
  }
}

template <class M>
void copying_step(test::Round& r, M& map, Model& m, u32 range) {
  const int k = static_cast<int>(r.rng.below(range)), x = static_cast<int>(r.rng.below(1000));
  const auto equal = [&] { return map.size() == m.size() && map.contains(k) == m.contains(k); };
  switch (r.rng.below(5)) {
    case 0: {
      bool made = false;
      r.grow([&] { made = map.with_or_insert(k, [&] { return Item(x); }, [](Item&) {}); }, equal);
      HOLDS(r, made == m.emplace(k, x).second);
      break;
    }
    case 1: { const Opt<Item> v = map.get(k); HOLDS(r, v.has_value() == m.contains(k)); if (v.has_value()) HOLDS(r, v->value() == m[k]); break; }
    case 2: if (r.step % 16 == 0) {
      M other(map);
      HOLDS(r, same(other, m));
      other.insert(-1, x);
      HOLDS(r, same(map, m));
      // A copy that is given up half way keeps nothing.
      test::refuse_memory(1 + r.rng.below(100));
      try { M given_up(map); } catch (const test::Panic&) {}
      test::refuse_memory(0);
      other = map;
      M& self = other;
      other = self;
      map = std::move(other);
    } break;
    // What names an entry may lie in the map itself: keys and values are taken by value or not needed after the change.
    case 3: {
      int key = -1;
      std::as_const(map).each([&](const Item& at, const Item& v) { key = at.value(); (void)v; return Walk::stop; });
      if (key >= 0) HOLDS(r, map.put(key, *map.get(key))->value() == m[key]);
      break;
    }
    default: break;
  }
}

template <class M>
void rounds(u64 count, u32 steps) {
  u32 refusals = 0;
  MODEL_ROUNDS(r, count) {
    {
      const u32 range = r.number % 3 == 0 ? 20 : 3000;
      M map;
      Model m;
      MODEL_STEPS(r, steps) {
        step(r, map, m, range, r.step / 2000 % 2 == 0 ? 11 : 18);  // grows, then shrinks
        if constexpr (std::is_copy_constructible_v<M>) copying_step(r, map, m, range);
        HOLDS(r, map.size() == m.size());
        if (r.step % 64 == 0) HOLDS(r, same(map, m));
      }
    }
    test::elements_are_gone();
    refusals += r.refusals;
  }
  CHECK(refusals != 0);
}
}  // namespace

TEST_CASE("Map does what std::map does", "[model]") { rounds<Map<Item, Item>>(6, 8000); }
TEST_CASE("Map does what std::map does with values that only move", "[model]") { rounds<Map<Item, Mover>>(6, 8000); }
TEST_CASE("HashMap does what std::map does but for the order", "[model]") { rounds<HashMap<Item, Item>>(6, 8000); }
TEST_CASE("HashMap does what std::map does with values that only move", "[model]") { rounds<HashMap<Item, Mover>>(6, 8000); }

namespace {
// Keys whose hashes collide.
struct Colliding : Item {
  using Item::Item;
  friend void hash_append(Hasher& h, const Colliding& k) { h.add(static_cast<u64>(k.value() % 2)); }
};
}  // namespace
TEST_CASE("HashMap does what std::map does though hashes collide", "[model]") { rounds<HashMap<Colliding, Item>>(2, 4000); }

namespace {
using Iter = Model::const_iterator;
bool is(const Opt<Item>& k, const Model& m, Iter it) { return k.has_value() == (it != m.end()) && (!k.has_value() || k->value() == it->first); }
// The last key before `it`.
bool is_before(const Opt<Item>& k, const Model& m, Iter it) {
  return k.has_value() == (it != m.begin()) && (!k.has_value() || k->value() == std::prev(it)->first);
}

bool walks_from(const Map<Item, Item>& map, const Model& m, int k) {
  auto it = m.lower_bound(k);
  bool equal = true;
  map.each_from(k, [&](const Item& key, const Item& v) {
    equal = equal && it != m.end() && it->first == key.value() && it->second == v.value();
    if (equal) ++it;
  });
  return equal && it == m.end();
}
}  // namespace

TEST_CASE("Map finds neighbours as std::map does", "[model]") {
  MODEL_ROUNDS(r, 6) {
    {
      const u32 range = r.number % 2 == 0 ? 60 : 1000;
      Map<Item, Item> a, b;
      Model m, n;
      SmallVec<Map<Item, Item>::Loose, 4> aside;
      MODEL_STEPS(r, 8000) {
        step(r, a, m, range, 14);
        const int k = static_cast<int>(r.rng.below(range)) - 1, x = static_cast<int>(r.rng.below(100));
        HOLDS(r, is(a.lower_bound(k), m, m.lower_bound(k)));
        HOLDS(r, is(a.upper_bound(k), m, m.upper_bound(k)));
        HOLDS(r, is_before(a.floor(k), m, m.upper_bound(k)));
        HOLDS(r, is_before(a.below(k), m, m.lower_bound(k)));
        HOLDS(r, is(a.first_key(), m, m.begin()));
        HOLDS(r, is_before(a.last_key(), m, m.end()));
        if (x < 2) HOLDS(r, walks_from(a, m, k));
        if (x == 3) { int left = 5; a.each_from(k, [&](const Item& key, Item& v) { v = x; m[key.value()] = x; return --left == 0 ? Walk::stop : Walk::go; }); }
        if (x < 10) {
          const Opt<MapEntry<Item, Item>> e = a.pop_first();
          HOLDS(r, e.has_value() == !m.empty());
          if (e.has_value()) { HOLDS(r, e->key.value() == m.begin()->first && e->value.value() == m.begin()->second); m.erase(m.begin()); }
        } else if (x < 40) {  // entries go from map to map, without memory
          test::refuse_memory(1);
          auto e = a.extract(k);
          HOLDS(r, e.empty() == !m.contains(k));
          const bool fits = !e.empty() && !n.contains(k);
          HOLDS(r, b.insert(e) == fits);
          HOLDS(r, e.empty() == (fits || !m.contains(k)));
          HOLDS(r, e.empty() || a.insert(e));
          test::refuse_memory(0);
          if (fits) n.insert(m.extract(k));
        } else if (x < 60) {
          auto e = b.extract(k);
          HOLDS(r, e.empty() == !n.contains(k));
          n.erase(k);
          if (x < 50 && aside.size() < 4) aside.push_back(std::move(e)); else aside.clear();
        } else if (x < 62) {
          Map<Item, Item>::Loose e(k, x), f(std::move(e)), g;
          HOLDS(r, e.empty());
          g = std::move(f);
          HOLDS(r, a.insert(g) == m.emplace(k, x).second);
        }
        if (r.step % 64 == 0) { HOLDS(r, same(a, m)); HOLDS(r, same(b, n)); }
      }
    }
    test::elements_are_gone();
  }
}

TEST_CASE("Set does what std::set does", "[model]") {
  MODEL_ROUNDS(r, 4) {
    {
      Set<Item> s;
      std::set<int> m;
      const auto is = [&](const Opt<Item>& k, std::set<int>::iterator it) { return k.has_value() == (it != m.end()) && (!k.has_value() || k->value() == *it); };
      const auto is_before = [&](const Opt<Item>& k, std::set<int>::iterator it) {
        return k.has_value() == (it != m.begin()) && (!k.has_value() || k->value() == *std::prev(it));
      };
      MODEL_STEPS(r, 10000) {
        const int k = static_cast<int>(r.rng.below(100));
        const auto equal = [&] { return s.size() == m.size() && s.contains(k) == m.contains(k); };
        bool made = false;
        switch (r.rng.below(5)) {
          case 0: case 1: r.grow([&] { made = s.insert(k); }, equal); HOLDS(r, made == m.insert(k).second); break;
          case 2: HOLDS(r, s.remove(k) == (m.erase(k) == 1)); break;
          case 3: if (k == 0) { s.clear(); m.clear(); } break;
          case 4: {
            auto it = m.begin();
            s.each([&](const Item& e) { if (it == m.end() || *it++ != e.value()) r.fail("order"); });
            HOLDS(r, it == m.end());
          }
        }
        HOLDS(r, equal() && s.empty() == m.empty());
        HOLDS(r, is(s.first(), m.begin()) && is_before(s.last(), m.end()));
        HOLDS(r, is(s.lower_bound(k), m.lower_bound(k)) && is(s.upper_bound(k), m.upper_bound(k)));
        HOLDS(r, is_before(s.floor(k), m.upper_bound(k)) && is_before(s.below(k), m.lower_bound(k)));
      }
    }
    test::elements_are_gone();
  }
}
