// SPDX-License-Identifier: MPL-2.0
#include <base/checked.h>
#include <unit.h>

using namespace ostd;

TEST_CASE("Checked arithmetic is exact for all pairs of bytes", "[checked]") {
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const u8 x = static_cast<u8>(a), y = static_cast<u8>(b);
      REQUIRE(checked_add(x, y).has_value() == (a + b < 256));
      REQUIRE(checked_sub(x, y).has_value() == (a >= b));
      REQUIRE(checked_mul(x, y).has_value() == (a * b < 256));
      REQUIRE(wrapping_add(x, y) == (a + b) % 256);
      REQUIRE(wrapping_sub(x, y) == (a - b + 256) % 256);
      REQUIRE(wrapping_mul(x, y) == a * b % 256);
      REQUIRE(saturating_add(x, y) == std::min(a + b, 255));
      REQUIRE(saturating_sub(x, y) == std::max(a - b, 0));
      const int sa = a - 128, sb = b - 128;
      const i8 p = static_cast<i8>(sa), q = static_cast<i8>(sb);
      REQUIRE(saturating_add(p, q) == std::clamp(sa + sb, -128, 127));
      REQUIRE(saturating_sub(p, q) == std::clamp(sa - sb, -128, 127));
      REQUIRE(saturating_mul(p, q) == std::clamp(sa * sb, -128, 127));
      if (b != 0) {
        const int up = (a + b - 1) / b * b;
        REQUIRE(checked_round_up(x, y).has_value() == (up < 256));
        if (up < 256) REQUIRE(*checked_round_up(x, y) == up);
        REQUIRE(div_up(x, y) == (a + b - 1) / b);
      }
    }
}

TEST_CASE("narrow keeps the number or says no", "[checked]") {
  CHECK(*narrow<u8>(255) == 255);
  CHECK(!narrow<u8>(256).has_value());
  CHECK(!narrow<u64>(-1).has_value());
  CHECK(*narrow<i8>(u64{127}) == 127);
  CHECK(!narrow<i8>(u64{128}).has_value());
  CHECK(low_bits<u8>(0x1234) == 0x34);
  CHECK(low_bits<u64>(-1) == UINT64_MAX);
}

TEST_CASE("CheckedU64 remembers any step that did not fit", "[checked]") {
  CHECK(*(CheckedU64(3) * 4 + 5).get() == 17);
  CHECK(!(CheckedU64(UINT64_MAX) + 1 - 1).get().has_value());
  CHECK(!(CheckedU64(1) - 2 + 5).get().has_value());
  CHECK(!(CheckedU64(1) / 0).valid());
  CHECK(!(CheckedU64(5) + (CheckedU64(1) - 2)).valid());
  CHECK(*CheckedU64(4097).round_up(4096).get() == 8192);
  CHECK(!CheckedU64(UINT64_MAX).round_up(4096).valid());
}

TEST_CASE("Times saturate", "[checked]") {
  CHECK(Duration::seconds(INT64_MAX) == Duration::max());
  CHECK(Duration::max() + Duration::nanos(1) == Duration::max());
  CHECK(Instant{5} + Duration::nanos(-10) == Instant{0});
  CHECK(Instant{UINT64_MAX - 1} + Duration::nanos(10) == Instant::never());
  CHECK(Instant{10} - Instant{4} == Duration::nanos(6));
  CHECK(Instant{4} - Instant{10} == Duration::nanos(-6));
}

TEST_CASE("Page rounding wraps only past the last page", "[checked]") {
  CHECK(page_up(0) == 0);
  CHECK(page_up(1) == kPageSize);
  CHECK(page_up(UINT64_MAX - kPageMask) == UINT64_MAX - kPageMask);
  CHECK(page_up(UINT64_MAX) == 0);
  CHECK(page_down(UINT64_MAX) == UINT64_MAX - kPageMask);
}
