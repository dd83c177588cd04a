// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <base/slot_map.h>
#include <unit.h>
#include <utility>
#include <vector>

using namespace ostd;

TEST_CASE("A handle names its object until it is removed", "[slot_map]") {
  for (u64 seed = 1; seed <= 10; ++seed) {
    {
      test::Rng rng(seed);
      SlotMap<test::Tracked> s;
      using Handle = SlotMap<test::Tracked>::Handle;
      std::vector<std::pair<Handle, int>> live;
      std::vector<Handle> dead;
      for (int step = 0; step < 800; ++step) {
        const int x = static_cast<int>(rng.below(1000));
        if (live.empty() || rng.below(5) < 3) {
          live.emplace_back(s.insert(x), x);
        } else {
          const usize i = rng.below(static_cast<u32>(live.size()));
          CHECK(s.remove(live[i].first)->v == live[i].second);
          dead.push_back(live[i].first);
          live.erase(live.begin() + static_cast<std::ptrdiff_t>(i));
        }
        REQUIRE(s.size() == live.size());
        for (auto& [h, v] : live) REQUIRE(s.get(h)->v == v);
        if (!dead.empty()) {
          const Handle h = dead[rng.below(static_cast<u32>(dead.size()))];
          REQUIRE(!s.contains(h));
          REQUIRE(!s.with(h, [](test::Tracked&) {}));
          REQUIRE(!s.remove(h).has_value());
        }
      }
      usize seen = 0;
      std::as_const(s).each([&](Handle h, const test::Tracked& t) { CHECK(s.get(h)->v == t.v); ++seen; });
      CHECK(seen == live.size());
      SlotMap<test::Tracked> t(std::move(s));
      CHECK(s.empty());
      CHECK(!s.contains(live[0].first));
      CHECK(t.contains(live[0].first));
      t = std::move(t);
      CHECK(t.size() == live.size());
    }
    REQUIRE(test::Tracked::alive == 0);
  }
}

TEST_CASE("A slot map is not changed by a callback that borrows from it", "[slot_map]") {
  SlotMap<int> s;
  const auto h = s.insert(1);
  CHECK_PANICS(s.with(h, [&](int&) { (void)s.insert(2); }));
  CHECK_PANICS(s.each([&](SlotMap<int>::Handle, int&) { (void)s.remove(h); }));
  CHECK(s.contains(h));
  CHECK(!s.contains(SlotMap<int>::Handle{}));
}
