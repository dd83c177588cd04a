// SPDX-License-Identifier: MPL-2.0
#include <base/slot_map.h>
#include <unit.h>

using namespace ostd;

TEST_CASE("A slot map is not changed by a callback that borrows from it", "[slot_map]") {
  SlotMap<int> s;
  const auto h = s.insert(1);
  CHECK_PANICS(s.with(h, [&](int&) { (void)s.insert(2); }));
  CHECK_PANICS(s.each([&](SlotMap<int>::Handle, int&) { (void)s.remove(h); }));
  CHECK(s.contains(h));
  CHECK(!s.contains(SlotMap<int>::Handle{}));
}
