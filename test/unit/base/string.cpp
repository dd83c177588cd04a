// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <unit.h>

using namespace ostd;

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
