// SPDX-License-Identifier: MPL-2.0
#include <base/list.h>
#include <deque>
#include <thread>
#include <unit.h>
#include <vector>

using namespace ostd;

namespace {
struct OtherTag {};
struct Item : RefCounted, ListNode<>, ListNode<OtherTag> {
  explicit Item(int x) : v(x) { alive.fetch_add(1); }
  ~Item() override { alive.fetch_sub(1); }
  static constinit inline Atomic<u32> alive{0};
  int v;
};

std::vector<int> values(const List<Item>& l) {
  std::vector<int> r;
  l.each([&](const Item& i) { r.push_back(i.v); });
  return r;
}
}  // namespace

TEST_CASE("List does what a deque does, with removal from the middle", "[list]") {
  for (u64 seed = 1; seed <= 10; ++seed) {
    {
      test::Rng rng(seed);
      std::vector<Ref<Item>> items;
      for (int i = 0; i < 30; ++i) items.push_back(make_ref<Item>(i));
      List<Item> l;
      std::deque<int> m;
      for (int step = 0; step < 1000; ++step) {
        const u32 pick = rng.below(30);
        const Item& item = *items[pick];
        const int v = static_cast<int>(pick);
        const auto at = std::find(m.begin(), m.end(), v);
        const bool in = at != m.end();
        REQUIRE(l.contains(item) == in);
        switch (rng.below(9)) {
          case 0: CHECK(l.push_back(items[pick]) == !in); if (!in) m.push_back(v); break;
          case 1: CHECK(l.push_front(items[pick]) == !in); if (!in) m.push_front(v); break;
          case 2: CHECK(l.remove(item).has_value() == in); if (in) m.erase(at); break;
          case 3: { const auto r = l.pop_front(); CHECK(r.has_value() == !m.empty()); if (!m.empty()) { CHECK((*r)->v == m.front()); m.pop_front(); } break; }
          case 4: { const auto r = l.pop_back(); CHECK(r.has_value() == !m.empty()); if (!m.empty()) { CHECK((*r)->v == m.back()); m.pop_back(); } break; }
          case 5: CHECK(l.move_to_back(item) == in); if (in) { m.erase(at); m.push_back(v); } break;
          case 6: if (in) {
            Ref<Item> fresh = make_ref<Item>(100);
            CHECK(l.insert_before(item, fresh));
            CHECK((*l.before(item))->v == 100);
            CHECK((*l.after(*fresh))->v == v);
            CHECK(l.remove(*fresh).has_value());
          } break;
          case 7: { List<Item> other(std::move(l)); CHECK(l.empty()); CHECK(other.contains(item) == in); CHECK(!l.contains(item)); l = std::move(other); break; }
          case 8: if (step % 20 == 0) { CHECK(l.remove_if([&](const Item& i) { return i.v % 3 == v % 3; }) == std::erase_if(m, [&](int i) { return i % 3 == v % 3; })); } break;
        }
        REQUIRE(l.size() == m.size());
        REQUIRE(values(l) == std::vector<int>(m.begin(), m.end()));
      }
    }
    REQUIRE(Item::alive.load() == 0);
  }
}

TEST_CASE("A list keeps its objects alive and lets them go", "[list]") {
  Weak<Item> w;
  {
    List<Item> l;
    List<Item, OtherTag> other;
    Ref<Item> r = make_ref<Item>(1);
    w = Weak<Item>(r);
    CHECK(l.push_back(r));
    CHECK(other.push_back(std::move(r)));
    CHECK(w.lock().has_value());
    CHECK((*l.front())->ref_count() == 3);
    l.clear();
    CHECK(w.lock().has_value());
  }
  CHECK(!w.lock().has_value());
}

TEST_CASE("An object is in one list of a kind at a time", "[list]") {
  List<Item> a, b;
  Ref<Item> r = make_ref<Item>(1);
  CHECK(a.push_back(r));
  CHECK(!b.push_back(r));
  CHECK(!b.remove(*r).has_value());
  CHECK(!b.after(*r).has_value());
  CHECK_PANICS(b.insert_before(*r, make_ref<Item>(2)));
  CHECK(a.remove(*r).has_value());
  CHECK(b.push_back(r));
  CHECK(!a.contains(*r));
}

TEST_CASE("A list is not changed by a callback that borrows from it", "[list]") {
  List<Item> l;
  Ref<Item> r = make_ref<Item>(1);
  CHECK(l.push_back(r));
  CHECK_PANICS(l.each([&](const Item&) { (void)l.pop_front(); }));
  CHECK(l.size() == 1);
}

TEST_CASE("Lists of several threads never share an object", "[list]") {
  std::vector<Ref<Item>> items;
  for (int i = 0; i < 8; ++i) items.push_back(make_ref<Item>(i));
  Atomic<u32> moves{0};
  const auto work = [&](u64 seed) {
    test::Rng rng(seed);
    List<Item> mine;
    for (int step = 0; step < 20000; ++step) {
      const Ref<Item>& r = items[rng.below(8)];
      if (mine.contains(*r)) (void)mine.remove(*r);
      else if (mine.push_back(r)) moves.fetch_add(1, Order::relaxed);
      if (rng.below(4) == 0) (void)mine.pop_front();
    }
  };
  std::thread a(work, 1), b(work, 2);
  a.join();
  b.join();
  CHECK(moves.load() > 0);
  for (const Ref<Item>& r : items) CHECK(!static_cast<const ListNode<>&>(*r).linked());
}
