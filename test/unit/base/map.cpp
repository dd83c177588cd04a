// SPDX-License-Identifier: MPL-2.0
#include <base/map.h>
#include <base/own.h>
#include <unit.h>

using namespace ostd;

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
