// SPDX-License-Identifier: MPL-2.0
#include <base/hash_map.h>
#include <base/own.h>
#include <unit.h>
#include <unordered_map>

using namespace ostd;
using test::Tracked;

TEST_CASE("HashMap does what std::unordered_map does", "[hash_map]") {
  for (u64 seed = 1; seed <= 12; ++seed) {
    {
      test::Rng rng(seed);
      const u32 range = seed % 3 == 0 ? 20 : 2000;
      HashMap<int, Tracked> map(seed);
      std::unordered_map<int, int> m;
      for (int step = 0; step < 4000; ++step) {
        const int k = static_cast<int>(rng.below(range)), x = static_cast<int>(rng.below(1000));
        switch (rng.below(step / 1000 % 2 == 0 ? 8 : 12)) {  // grows, then shrinks
          case 0: case 1: case 2: CHECK(map.insert(k, x) == m.emplace(k, x).second); break;
          case 3: {
            const Opt<Tracked> old = map.put(k, x);
            CHECK(old.has_value() == m.contains(k));
            if (old.has_value()) CHECK(old->v == m[k]);
            m[k] = x;
            break;
          }
          case 4: CHECK(map.with(k, [&](Tracked& t) { t.v = x; }) == m.contains(k)); if (m.contains(k)) m[k] = x; break;
          case 5: CHECK(map.with_or_insert(k, [&] { return Tracked(x); }, [&](Tracked& t) { ++t.v; }) == m.emplace(k, x).second); ++m[k]; break;
          case 6: if (step % 50 == 0) { HashMap<int, Tracked> copy(map); map = std::move(copy); CHECK(copy.empty()); CHECK(!copy.contains(1)); } break;
          case 7: if (step % 50 == 0)
            CHECK(map.remove_if([&](const int& key, Tracked& t) { return (key + t.v + x) % 4 == 0; }) ==
                  std::erase_if(m, [&](auto& e) { return (e.first + e.second + x) % 4 == 0; }));
            break;
          default: {
            const Opt<Tracked> old = map.remove(k);
            CHECK(old.has_value() == m.contains(k));
            if (old.has_value()) CHECK(old->v == m[k]);
            m.erase(k);
          }
        }
        REQUIRE(map.size() == m.size());
        REQUIRE(map.contains(k) == m.contains(k));
        if (step % 64 == 0) {
          usize seen = 0;
          std::as_const(map).each([&](const int& key, const Tracked& t) { REQUIRE(m.at(key) == t.v); ++seen; });
          REQUIRE(seen == m.size());
        }
      }
    }
    REQUIRE(Tracked::alive == 0);
  }
}

TEST_CASE("HashMap is emptied to the last entry", "[hash_map]") {
  HashMap<u64, u64> m;
  for (u64 i = 0; i < 50000; ++i) m.insert(i, ~i);
  for (u64 i = 0; i < 50000; ++i) REQUIRE(*m.get(i) == ~i);
  for (u64 i = 0; i < 50000; ++i) REQUIRE(*m.remove(i) == ~i);
  CHECK(m.empty());
  CHECK(!m.remove(1).has_value());
  m.insert(1, 2);
  m = std::move(m);
  CHECK(*m.get(1) == 2);
  m.clear();
  CHECK(!m.contains(1));
}

TEST_CASE("A HashMap is as small as its entries allow, whatever it once held", "[hash_map]") {
  HashMap<u64, u64> m;
  for (u64 i = 0; i < 5000; ++i) m.insert(i, i);
  CHECK(m.capacity() >= 5000);
  for (u64 i = 5000; i-- > 8;) {
    REQUIRE(*m.remove(i) == i);
    REQUIRE(m.capacity() <= 4 * m.size() + 64);
  }
  CHECK(m.capacity() == 32);
  for (u64 i = 0; i < 8; ++i) CHECK(*m.get(i) == i);
  for (u64 i = 8; i < 5000; ++i) m.insert(i, i);
  CHECK(m.remove_if([](u64 k, u64&) { return k >= 8; }) == 4992);
  CHECK(m.capacity() == 32);
}

TEST_CASE("A hash map is not changed by a callback that borrows from it", "[hash_map]") {
  HashMap<int, int> m;
  m.insert(1, 1);
  CHECK_PANICS(m.with(1, [&](int&) { m.insert(2, 2); }));
  CHECK_PANICS(m.each([&](const int&, int&) { (void)m.remove(1); }));
  CHECK(m.size() == 1);
}

TEST_CASE("Hashed String keys are looked up by any text", "[hash_map]") {
  HashMap<String, Own<int>> m;
  m.insert(String("some name that is longer than the inline room"), make_own<int>(1));
  m.insert(String(""), make_own<int>(2));
  CHECK(m.contains("some name that is longer than the inline room"));
  CHECK(m.contains(std::string_view()));
  CHECK(!m.contains("some name"));
  CHECK(**m.remove("") == 2);
}

TEST_CASE("Hashes depend on the seed and every bit", "[hash_map]") {
  CHECK(hash_of(String("abc"), 7) == hash_of(std::string_view("abc"), 7));
  CHECK(hash_of(std::string_view("abc"), 7) != hash_of(std::string_view("abc"), 8));
  CHECK(hash_of(std::string_view("a"), 7) != hash_of(std::string_view(std::string_view("a\0", 2)), 7));
  u64 all_or = 0, all_and = ~u64{0};
  for (u64 i = 0; i < 64; ++i) { all_or |= hash_of(i, 1); all_and &= hash_of(i, 1); }
  CHECK(all_or == ~u64{0});
  CHECK(all_and == 0);
}
