// SPDX-License-Identifier: MPL-2.0
#include <base/index.h>
#include <unit.h>

using namespace ostd;

TEST_CASE("an index below the size is itself, any other is nothing") {
  for (const usize n : {usize{1}, usize{2}, usize{470}, ~usize{0}}) {
    CHECK(*checked_index(0, n) == 0);
    CHECK(*checked_index(n - 1, n) == n - 1);
    CHECK(!checked_index(n, n));
  }
  CHECK(!checked_index(~usize{0}, 470));
  CHECK(!checked_index(0, 0));
}
TEST_CASE("out of range the index itself becomes 0") {
  CHECK(bounded_index(5, 5) == 0);
  CHECK(bounded_index(~usize{0}, 5) == 0);
  CHECK(bounded_index(0, 0) == 0);
  CHECK(bounded_index(4, 5) == 4);
  static_assert(bounded_index(4, 5) == 4 && bounded_index(5, 5) == 0);
}
