// SPDX-License-Identifier: MPL-2.0
#include <algorithm>
#include <base/own.h>
#include <base/small_vec.h>
#include <base/string.h>
#include <unit.h>
#include <vector>

using namespace ostd;

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
