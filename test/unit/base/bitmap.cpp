// SPDX-License-Identifier: MPL-2.0
#include <base/bitmap.h>
#include <unit.h>

using namespace ostd;

TEST_CASE("Bitmap traps what is out of bounds", "[bitmap]") {
  Bitmap b(65);
  CHECK_PANICS(b.set(65));
  CHECK_PANICS(b.test(100));
  CHECK_PANICS(b.clear(65));
  CHECK_PANICS(Bitmap().set(0));
  CHECK(!b.set(64));
  b.clear_all();
  CHECK(b.count() == 0);
}

TEST_CASE("Bitmap finds the last bit that is set", "[bitmap]") {
  Bitmap b(300);
  CHECK(!b.last_set().has_value());
  for (const usize i : {0UL, 63UL, 64UL, 200UL, 299UL}) {
    b.set(i);
    CHECK(*b.last_set() == i);
  }
  b.clear(299);
  CHECK(*b.last_set() == 200);
}
