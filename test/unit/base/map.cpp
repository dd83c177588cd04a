// SPDX-License-Identifier: MPL-2.0
#include <base/map.h>
#include <base/own.h>
#include <base/vec.h>
#include <map>
#include <unit.h>

using namespace ostd;
using test::Tracked;

static Opt<int> key_at(const std::map<int, int>& m, std::map<int, int>::const_iterator it) { return it == m.end() ? Opt<int>() : Opt<int>(it->first); }
static Opt<int> key_before(const std::map<int, int>& m, std::map<int, int>::const_iterator it) { return it == m.begin() ? Opt<int>() : Opt<int>(std::prev(it)->first); }
static bool equal(const Opt<int>& a, const Opt<int>& b) { return a.has_value() == b.has_value() && (!a.has_value() || *a == *b); }

TEST_CASE("Map does what std::map does", "[map]") {
  for (u64 seed = 1; seed <= 12; ++seed) {
    {
      test::Rng rng(seed);
      const u32 range = seed % 3 == 0 ? 20 : 400;
      Map<int, Tracked> map;
      std::map<int, int> m;
      for (int step = 0; step < 1500; ++step) {
        const int k = static_cast<int>(rng.below(range)), x = static_cast<int>(rng.below(1000));
        switch (rng.below(12)) {
          case 0: case 1: case 2: CHECK(map.insert(k, x) == m.emplace(k, x).second); break;
          case 3: {
            const Opt<Tracked> old = map.put(k, x);
            CHECK(old.has_value() == m.contains(k));
            if (old.has_value()) CHECK(old->v == m[k]);
            m[k] = x;
            break;
          }
          case 4: case 5: {
            const Opt<Tracked> old = map.remove(k);
            CHECK(old.has_value() == m.contains(k));
            if (old.has_value()) CHECK(old->v == m[k]);
            m.erase(k);
            break;
          }
          case 6: CHECK(map.with(k, [&](Tracked& t) { t.v = x; }) == m.contains(k)); if (m.contains(k)) m[k] = x; break;
          case 7:
            CHECK(equal(map.lower_bound(k), key_at(m, m.lower_bound(k))));
            CHECK(equal(map.upper_bound(k), key_at(m, m.upper_bound(k))));
            CHECK(equal(map.floor(k), key_before(m, m.upper_bound(k))));
            CHECK(equal(map.below(k), key_before(m, m.lower_bound(k))));
            break;
          case 8: if (step % 40 == 0) {
            const usize before = m.size();
            CHECK(map.remove_if([&](const int& key, Tracked& t) { return (key + t.v + x) % 4 == 0; }) ==
                  std::erase_if(m, [&](auto& e) { return (e.first + e.second + x) % 4 == 0; }));
            CHECK(m.size() <= before);
          } break;
          case 9: if (!m.empty()) { const auto e = map.pop_first(); CHECK(e->key == m.begin()->first); m.erase(m.begin()); } break;
          case 10: { Map<int, Tracked> copy(map); map = std::move(copy); CHECK(copy.empty()); break; }
          case 11: CHECK(map.with_or_insert(k, [&] { return Tracked(x); }, [&](Tracked& t) { ++t.v; }) == m.emplace(k, x).second); ++m[k]; break;
        }
        REQUIRE(map.size() == m.size());
        if (step % 16 == 0) {
          auto it = m.begin();
          std::as_const(map).each([&](const int& key, const Tracked& t) { REQUIRE(key == it->first); REQUIRE(t.v == it->second); ++it; });
          REQUIRE(it == m.end());
          it = m.lower_bound(k);
          map.each_from(k, [&](const int& key, Tracked& t) { REQUIRE(key == it->first); REQUIRE(t.v == it->second); ++it; });
          REQUIRE(it == m.end());
          CHECK(equal(map.first_key(), key_at(m, m.begin())));
          CHECK(equal(map.last_key(), key_before(m, m.end())));
        }
      }
    }
    REQUIRE(Tracked::alive == 0);
  }
}

TEST_CASE("Map stays balanced for sorted insertion and removal", "[map]") {
  Map<int, int> m;
  for (int i = 0; i < 100000; ++i) m.insert(i, i);
  for (int i = 0; i < 100000; i += 2) CHECK(m.remove(i).has_value());
  CHECK(m.size() == 50000);
  CHECK(*m.floor(50000) == 49999);
  CHECK(m.remove_if([](const int& k, int&) { return k % 4 == 1; }) == 25000);
  int next = 3;
  m.each([&](const int& k, int&) { REQUIRE(k == next); next += 4; });
  for (int i = 3; i < 100000; i += 4) REQUIRE(m.remove(i).has_value());
  CHECK(m.empty());
}

TEST_CASE("A walk ends when it is told to stop", "[map]") {
  Map<int, int> m;
  for (int i = 0; i < 10; ++i) m.insert(i, i);
  int seen = 0;
  m.each([&](const int& k, int&) { ++seen; return k == 4 ? Walk::stop : Walk::go; });
  CHECK(seen == 5);
}

TEST_CASE("A map is not changed by a callback that borrows from it", "[map]") {
  Map<int, int> m;
  m.insert(1, 1);
  CHECK_PANICS(m.with(1, [&](int&) { m.insert(2, 2); }));
  CHECK_PANICS(m.with(1, [&](int&) { (void)m.remove(1); }));
  CHECK_PANICS(m.each([&](const int&, int&) { (void)m.pop_first(); }));
  CHECK_PANICS(m.remove_if([&](const int&, int&) { m.insert(2, 2); return true; }));
  CHECK(m.size() == 1);
  CHECK(m.insert(2, 2));
}

TEST_CASE("String keys are looked up by any text", "[map]") {
  Map<String, int> m;
  m.insert(String("beta"), 2);
  m.insert(String("alpha"), 1);
  CHECK(m.contains("alpha"));
  CHECK(*m.get(std::string_view("beta")) == 2);
  CHECK(*m.get(String("beta")) == 2);
  CHECK(*m.lower_bound("b") == "beta");
  CHECK(*m.first_key() == "alpha");
  CHECK(*m.remove("alpha") == 1);
  CHECK(!m.contains("alpha"));
}

TEST_CASE("Maps hold what can only be moved", "[map]") {
  Map<int, Own<int>> m;
  m.insert(1, make_own<int>(5));
  CHECK(!m.insert(1, make_own<int>(6)));
  CHECK(**m.put(1, make_own<int>(7)) == 5);
  Map<int, Own<int>> n(std::move(m));
  CHECK(m.empty());
  CHECK(**n.remove(1) == 7);
  m.insert(3, make_own<int>(3));
  m = std::move(m);
  CHECK(m.size() == 1);
}

TEST_CASE("Set keeps each key once, in order", "[map]") {
  Set<int> s;
  CHECK(s.insert(3));
  CHECK(s.insert(1));
  CHECK(!s.insert(3));
  int last = 0;
  s.each([&](const int& k) { CHECK(k > last); last = k; });
  CHECK(*s.upper_bound(1) == 3);
  CHECK(s.remove(1));
  CHECK(!s.remove(1));
}

TEST_CASE("Map entries go from one map to another without memory", "[map]") {
  {
    test::Rng rng(5);
    Map<int, Tracked> a, b;
    Vec<Map<int, Tracked>::Loose> aside;
    for (int i = 0; i < 500; ++i) a.insert(i * 7 % 500, i);
    const int alive = Tracked::alive;
    std::map<int, int> where;  // 0: a, 1: b, 2: aside
    for (int i = 0; i < 500; ++i) where[i] = 0;
    for (int step = 0; step < 5000; ++step) {
      const int k = static_cast<int>(rng.below(500));
      Map<int, Tracked>::Loose e = a.extract(k);
      CHECK(e.empty() == (where[k] != 0));
      if (!e.empty()) {
        if (rng.below(8) == 0) {
          aside.push_back(std::move(e));
          where[k] = 2;
          continue;
        }
        CHECK(b.insert(e));
        CHECK(e.empty());
        CHECK(!b.insert(e));
        where[k] = 1;
      } else if (e = b.extract(k); !e.empty()) {
        CHECK(a.insert(e));
        where[k] = 0;
      }
      REQUIRE(a.size() + b.size() + aside.size() == 500);
    }
    CHECK(Tracked::alive == alive);
    int last = -1;
    for (const Map<int, Tracked>* m : {&a, &b}) {
      last = -1;
      m->each([&](const int& k, const Tracked& t) {
        CHECK(k > last);
        CHECK(t.v * 7 % 500 == k);
        CHECK(where[k] == (m == &a ? 0 : 1));
        last = k;
      });
    }
    Map<int, Tracked>::Loose twice(last, 1);
    CHECK(!b.insert(twice));
    CHECK(!twice.empty());
  }
  REQUIRE(Tracked::alive == 0);
}
