// SPDX-License-Identifier: MPL-2.0
#include <base/format.h>
#include <unit.h>

using namespace ostd;

namespace {
enum class Colour : i8 { red = -3 };
struct Point { int x, y; };
void format_arg(FormatSink& sink, FormatSpec, const Point& p) { format_to(sink, "({}, {})", p.x, p.y); }
template <class... A>
std::string f(FormatFor<A...> s, const A&... a) { return std::string(format(s, a...).view()); }
}  // namespace

TEST_CASE("Integers are formatted in every base", "[format]") {
  CHECK(f("{} {} {}", 0, -1, 42u) == "0 -1 42");
  CHECK(f("{} {}", INT64_MIN, UINT64_MAX) == "-9223372036854775808 18446744073709551615");
  CHECK(f("{:x} {:X} {:#x} {:o} {:#o} {:#o} {:b} {:#b}", 255, 255, 255, 8, 8, 0, 5, 5) == "ff FF 0xff 10 010 0 101 0b101");
  CHECK(f("{:08x} {:#010x} {:05} {:x}", 0xbeef, 0xbeef, -42, -255) == "0000beef 0x0000beef -0042 -ff");
  CHECK(f("{}", u8{7}) == "7");
}

TEST_CASE("Width, alignment and fill", "[format]") {
  CHECK(f("{:5}|{:<5}|{:>5}|{:^5}|", 12, 12, 12, 12) == "   12|12   |   12| 12  |");
  CHECK(f("{:5}|{:>5}|{:*^6}|{:1}", "ab", "ab", "ab", "long") == "ab   |   ab|**ab**|long");
  CHECK(f("{:->40}", 1) == std::string(39, '-') + "1");
}

TEST_CASE("Text, characters, booleans and enums", "[format]") {
  CHECK(f("{}{}{}{}", "a", std::string_view("b"), String("c"), StaticStr("d")) == "abcd");
  CHECK(f("{} {:d} {:c} {:x}", 'x', 'x', 65, 'A') == "x 120 A 41");
  CHECK(f("{} {} {:d}", true, false, true) == "true false 1");
  CHECK(f("{} {:x}", Colour::red, PhysAddr(0x1000)) == "-3 1000");
  CHECK(f("{{}} {{{}}}", 1) == "{} {1}");
  CHECK(f("") == "");
}

TEST_CASE("Times have units", "[format]") {
  CHECK(f("{} {} {} {}", Duration::nanos(17), Duration::micros(3250), Duration::seconds(2), Duration::nanos(0)) == "17ns 3.25ms 2s 0ns");
  CHECK(f("{}", Duration::nanos(-1'000'000'001)) == "-1.000000001s");
  CHECK(f("{}", Duration{INT64_MIN}) == "-9223372036.854775808s");
  CHECK(f("{} {}", Instant{12'034'567'891}, Instant::never()) == "12.034567 never");
}

TEST_CASE("A type formats itself", "[format]") { CHECK(f("at {}", Point{1, -2}) == "at (1, -2)"); }

TEST_CASE("FixedText keeps what fits", "[format]") {
  FixedText<8> t;
  format_to(t, "{} and more", 12345);
  CHECK(t.view() == "12345 an");
  CHECK(t.truncated());
  t.clear();
  format_to(t, "{}", 12345678);
  CHECK(t.view() == "12345678");
  CHECK(!t.truncated());
}
