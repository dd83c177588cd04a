// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <base/own.h>
#include <base/small_vec.h>
#include <base/string.h>
#include <unit.h>
#include <vector>

using namespace ostd;
using test::Tracked;

template <class V>
static void same(const V& v, const std::vector<int>& model) {
  REQUIRE(v.size() == model.size());
  for (usize i = 0; i < model.size(); ++i) REQUIRE(v[i].v == model[i]);
}

TEMPLATE_TEST_CASE("Vec does what std::vector does", "[vec]", Vec<Tracked>, (SmallVec<Tracked, 1>), (SmallVec<Tracked, 5>)) {
  for (u64 seed = 1; seed <= 20; ++seed) {
    {
      test::Rng rng(seed);
      TestType v;
      std::vector<int> m;
      for (int step = 0; step < 400; ++step) {
        const int x = static_cast<int>(rng.below(1000));
        const usize n = m.size();
        const usize i = n == 0 ? 0 : rng.below(static_cast<u32>(n));
        const auto at = [&](usize k) { return m.begin() + static_cast<std::ptrdiff_t>(k); };
        switch (rng.below(14)) {
          case 0: case 1: case 2: v.push_back(x); m.push_back(x); break;
          case 3: if (n != 0) { CHECK(v.pop_back().v == m.back()); m.pop_back(); } break;
          case 4: v.insert(i, x); m.insert(at(i), x); break;
          case 5: if (n != 0) { CHECK(v.remove(i).v == m[i]); m.erase(at(i)); } break;
          case 6: if (n != 0) { CHECK(v.swap_remove(i).v == m[i]); m[i] = m.back(); m.pop_back(); } break;
          case 7: v.truncate(i); m.resize(std::min(i, n)); break;
          case 8: { const usize k = rng.below(12); v.resize(k, Tracked(x)); m.resize(k, x); break; }
          case 9: if (n < 40) { v.append(v.items()); m.insert(m.end(), m.begin(), m.end()); if (m.size() != v.size()) m.resize(v.size()); for (usize k = 0; k < n; ++k) m[n + k] = m[k]; } break;
          case 10: { TestType w(v); v = std::move(w); same(w, {}); break; }
          case 11: { TestType w; w = v; TestType u(std::move(w)); same(w, {}); same(u, m); break; }
          case 12: v.remove_if([&](const Tracked& t) { return t.v % 3 == x % 3; }); std::erase_if(m, [&](int t) { return t % 3 == x % 3; }); break;
          case 13: v.reserve(i + 3); CHECK(v.capacity() >= i + 3); break;
        }
        same(v, m);
        usize k = 0;
        for (const Tracked& t : v) REQUIRE(t.v == m[k++]);
        REQUIRE(k == m.size());
        if (!m.empty()) { CHECK(v.front().v == m.front()); CHECK(v.back().v == m.back()); }
      }
      v.clear();
      same(v, {});
      v.push_back(7);
      same(v, {7});
    }
    REQUIRE(Tracked::alive == 0);
  }
}

TEST_CASE("Vec traps what is out of bounds", "[vec]") {
  Vec<int> v;
  CHECK_PANICS(v[0]);
  CHECK_PANICS(v.front());
  CHECK_PANICS(v.back());
  CHECK_PANICS(v.pop_back());
  CHECK_PANICS(v.remove(0));
  CHECK_PANICS(v.swap_remove(0));
  CHECK_PANICS(v.insert(1, 3));
  v.push_back(1);
  CHECK_PANICS(v[1]);
  CHECK_PANICS(std::as_const(v)[1]);
  CHECK_PANICS(*v.end());
  CHECK_PANICS(++v.end());
  CHECK_PANICS(v.reserve(SIZE_MAX / 4));
  CHECK(v[0] == 1);
}

TEST_CASE("Vec survives assignment to itself", "[vec]") {
  SmallVec<String, 2> v;
  for (int i = 0; i < 5; ++i) v.push_back(String("a string longer than the inline room"));
  v = v;
  CHECK(v.size() == 5);
  v = std::move(v);
  CHECK(v.size() == 5);
  CHECK(v[4] == "a string longer than the inline room");
}

TEST_CASE("Vec appends a part of itself while growing", "[vec]") {
  Vec<String> v;
  for (int i = 0; i < 4; ++i) v.push_back(String(std::string(30, static_cast<char>('a' + i))));
  v.append(v.items().subspan(1, 2));
  CHECK(v.size() == 6);
  CHECK(v[4] == std::string(30, 'b'));
  CHECK(v[5] == std::string(30, 'c'));
  v.push_back(v[0]);
  v.resize(20, v[1]);
  CHECK(v[19] == std::string(30, 'b'));
}

TEST_CASE("Vec holds what can only be moved", "[vec]") {
  static_assert(!std::is_copy_constructible_v<Vec<Own<int>>>);
  Vec<Own<int>> v;
  for (int i = 0; i < 10; ++i) v.insert(0, make_own<int>(i));
  CHECK(*v[0] == 9);
  CHECK(*v.remove(3) == 6);
  Vec<Own<int>> w(std::move(v));
  CHECK(v.empty());
  CHECK(w.size() == 9);
}

TEST_CASE("An element's destructor may use the Vec that is being cleared", "[vec]") {
  struct Reenter {
    Vec<Reenter>* home;
    explicit Reenter(Vec<Reenter>* h) : home(h) {}
    Reenter(Reenter&& o) noexcept : home(std::exchange(o.home, nullptr)) {}
    Reenter& operator=(Reenter&& o) noexcept { std::swap(home, o.home); return *this; }
    ~Reenter() { if (home != nullptr) home->push_back(Reenter(nullptr)); }
  };
  Vec<Reenter> v;
  v.push_back(Reenter(&v));
  v.clear();
  CHECK(v.size() == 1);
}

TEST_CASE("Vec::sort orders any sequence", "[vec]") {
  test::Rng rng(5);
  for (u32 n = 0; n < 40; ++n) {
    Vec<u32> v;
    std::vector<u32> model;
    for (u32 i = 0; i < n; ++i) {
      model.push_back(rng.below(20));
      v.push_back(model.back());
    }
    v.sort([](const u32& a, const u32& b) { return a < b; });
    std::sort(model.begin(), model.end());
    CHECK(std::vector<u32>(v.items().begin(), v.items().end()) == model);
  }
}
