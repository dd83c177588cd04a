// SPDX-License-Identifier: MPL-2.0
#include <base/hash_map.h>
#include <base/own.h>
#include <unit.h>

using namespace ostd;

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
