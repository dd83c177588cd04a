// SPDX-License-Identifier: MPL-2.0
#include <base/list.h>
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
}  // namespace

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
