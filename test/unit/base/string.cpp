// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <unit.h>

using namespace ostd;

TEST_CASE("String does what std::string does", "[string]") {
  for (u64 seed = 1; seed <= 20; ++seed) {
    test::Rng rng(seed);
    String s;
    std::string m;
    for (int step = 0; step < 500; ++step) {
      switch (rng.below(9)) {
        case 0: case 1: { const char c = static_cast<char>(rng.below(256)); s.append(c); m.push_back(c); break; }
        case 2: { const std::string piece(rng.below(20), static_cast<char>(rng.below(256))); s.append(piece); m += piece; break; }
        case 3: if (m.size() < 200) { s.append(s); m += std::string(m); } break;
        case 4: { const usize n = rng.below(60); s.truncate(n); if (n < m.size()) m.resize(n); break; }
        case 5: { String t(s); s = std::move(t); CHECK(t.empty()); break; }
        case 6: { String t(std::move(s)); CHECK(s.empty()); s = t; break; }
        case 7: { const usize at = rng.below(static_cast<u32>(m.size()) + 1); CHECK(s.substr(at, 9).view() == m.substr(at, 9)); break; }
        case 8: if (rng.below(10) == 0) { s.clear(); m.clear(); } break;
      }
      REQUIRE(s.view() == m);
      REQUIRE(s.size() == m.size());
      REQUIRE(s.c_str()[s.size()] == '\0');
    }
  }
}

TEST_CASE("String keeps any bytes around the inline limit", "[string]") {
  for (usize n = 0; n < 50; ++n) {
    const std::string m(n, '\xff');
    String s{std::string_view(m)};
    CHECK(s == m);
    CHECK(s.bytes().size() == n);
    s.append('\0');
    CHECK(s.size() == n + 1);
    s = s;
    s = std::move(s);
    CHECK(s.size() == n + 1);
    CHECK(s[n] == '\0');
  }
}

TEST_CASE("String traps what is out of bounds", "[string]") {
  String s("abc");
  CHECK_PANICS(s[3]);
  CHECK_PANICS(s.substr(4));
  CHECK(s.substr(3).empty());
}

TEST_CASE("Strings are ordered by bytes", "[string]") {
  CHECK(String("a") < String("b"));
  CHECK(String("a") < "ab");
  CHECK(String("\x7f") < String("\x80"));
  CHECK(String("x") != "y");
}
