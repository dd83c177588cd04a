// SPDX-License-Identifier: MPL-2.0
// Which PCID an address space gets, and when what the TLB has under it may still be used.
#include <mem/pcids.h>
#include <unit.h>

using namespace ostd;
using namespace ostd::target;

TEST_CASE("an address space keeps its PCID and its entries while nothing is flushed") {
  Pcids p;
  const Pcids::Taken a = p.take(10, 1), b = p.take(11, 1);
  CHECK((a.pcid != 0 && !a.fresh && b.pcid != 0 && !b.fresh && a.pcid != b.pcid));
  const Pcids::Taken again = p.take(10, 1);
  CHECK((again.pcid == a.pcid && again.fresh));
}
TEST_CASE("flushes that were missed make them stale, those done while it was loaded do not") {
  Pcids p;
  const u32 pcid = p.take(10, 1).pcid;
  p.leave(10, 4);
  CHECK((p.take(10, 4).fresh && p.take(10, 4).pcid == pcid));
  CHECK((!p.take(10, 5).fresh && p.take(10, 5).fresh));
}
TEST_CASE("a PCID that another address space has had is never fresh") {
  Pcids p;
  for (u64 id = 1; id <= Pcids::kCount; ++id) CHECK(!p.take(id, 1).fresh);
  CHECK((p.take(9, 1).pcid == 1 && !p.take(1, 1).fresh));
  for (u64 id = 100; id < 200; ++id) {
    const Pcids::Taken t = p.take(id, 7);
    CHECK((!t.fresh && t.pcid >= 1 && t.pcid <= Pcids::kCount));
  }
}
