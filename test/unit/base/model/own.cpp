// SPDX-License-Identifier: MPL-2.0
// Own, Ref and Weak against counts kept apart; and under threads (which ThreadSanitizer watches).
#include "model.h"
#include <algorithm>
#include <base/own.h>
#include <thread>
#include <vector>

using namespace ostd;
using test::Item;

namespace {
struct Base : RefCounted {
  explicit Base(int x) : e(x) {}
  Item e;
};
struct Leaf final : Base {
  using Base::Base;
};
struct Shape {
  explicit Shape(int x) : e(x) {}
  virtual ~Shape() = default;
  Item e;
};
struct Round final : Shape {
  using Shape::Shape;
  test::Mover more{1};
};
}  // namespace

TEST_CASE("Refs and Weaks keep what they say", "[model]") {
  u32 refusals = 0;
  MODEL_ROUNDS(r, 8) {
    {
      // Slot i holds a Ref to the object with the number strong[i], or nothing; weak ones likewise. Objects never share a number.
      constexpr u32 kSlots = 12;
      std::vector<Opt<Ref<Base>>> refs(kSlots);
      std::vector<Weak<Base>> weaks(kSlots);
      std::vector<int> strong(kSlots, -1), weak(kSlots, -1);
      int next = 0;
      const auto count = [&](int id) { return static_cast<u32>(std::count(strong.begin(), strong.end(), id)); };
      MODEL_STEPS(r, 10000) {
        const u32 i = r.rng.below(kSlots), j = r.rng.below(kSlots);
        switch (r.rng.below(10)) {
          case 0: r.grow([&] { refs[i] = Ref<Base>(make_ref<Leaf>(next)); }, [] { return true; }); strong[i] = next++; break;
          case 1: refs[i] = refs[j]; strong[i] = strong[j]; break;
          case 2: if (i != j) { refs[i] = std::move(refs[j]); refs[j].reset(); strong[i] = strong[j]; strong[j] = -1; } break;
          case 3: refs[i].reset(); strong[i] = -1; break;
          case 4: if (strong[j] >= 0) { weaks[i] = Weak<Base>(*refs[j]); weak[i] = strong[j]; } break;
          case 5: { Weak<Base> w(weaks[j]); Weak<Base>& self = w; w = self; w = std::move(self); weaks[i] = std::move(w); weak[i] = weak[j]; HOLDS(r, !w.lock().has_value()); break; }
          case 6: weaks[i] = Weak<Base>(); weak[i] = -1; break;
          case 7: {
            Opt<Ref<Base>> o = weaks[j].lock();
            const bool lives = weak[j] >= 0 && count(weak[j]) != 0;
            HOLDS(r, o.has_value() == lives);
            if (lives) { HOLDS(r, weaks[j].refers_to(**o)); strong[i] = weak[j]; refs[i] = std::move(o); }
            break;
          }
          case 8: if (strong[i] >= 0) {
            Ref<Base>& a = *refs[i];
            HOLDS(r, a.is<Leaf>() && !a.is<Base>() && (*a.as<Leaf>()).same_object(*a) && !a.as<Base>().has_value());
            HOLDS(r, ref_of(*a).same(a) && a.same(*a) && a.id() == object_id(*a));
            Ref<Base>& self = a;
            a = self;
            a = std::move(self);
          } break;
          case 9: if (strong[i] >= 0 && strong[j] >= 0) HOLDS(r, refs[i]->same(*refs[j]) == (strong[i] == strong[j])); break;
        }
        for (u32 k = 0; k < kSlots; ++k) {
          HOLDS(r, refs[k].has_value() == (strong[k] >= 0));
          if (strong[k] >= 0) HOLDS(r, (*refs[k])->e.value() == strong[k] && (*refs[k])->ref_count() == count(strong[k]));
        }
        std::vector<int> lives(strong);
        std::sort(lives.begin(), lives.end());
        lives.erase(std::unique(lives.begin(), lives.end()), lives.end());
        std::erase(lives, -1);
        HOLDS(r, Item::alive == static_cast<long>(lives.size()));
      }
    }
    test::elements_are_gone();
    refusals += r.refusals;
  }
  CHECK(refusals != 0);
}

TEST_CASE("Owns have one object each, whatever is moved where", "[model]") {
  MODEL_ROUNDS(r, 4) {
    {
      std::vector<Opt<Own<Shape>>> owns(8);
      std::vector<int> m(8, -1);
      MODEL_STEPS(r, 10000) {
        const u32 i = r.rng.below(8), j = r.rng.below(8);
        const int x = static_cast<int>(r.rng.below(1000));
        switch (r.rng.below(5)) {
          case 0: owns[i] = Own<Shape>(make_own<Round>(x)); m[i] = x; break;
          case 1: owns[i].reset(); m[i] = -1; break;
          case 2: if (m[i] >= 0 && m[j] >= 0) { *owns[i] = std::move(*owns[j]); std::swap(m[i], m[j]); } break;
          case 3: if (i != j) { owns[i] = owns[j].take(); m[i] = std::exchange(m[j], -1); } break;
          case 4: if (m[i] >= 0) {
            Own<Shape> o = std::move(*owns[i]);
            CHECK_PANICS_RARELY(r, (*owns[i])->e);
            o->e = x;
            owns[i] = std::move(o);
            m[i] = x;
          } break;
        }
        for (u32 k = 0; k < 8; ++k) HOLDS(r, owns[k].has_value() == (m[k] >= 0) && (m[k] < 0 || (**owns[k]).e.value() == m[k]));
        HOLDS(r, Item::alive == static_cast<long>(8 - std::count(m.begin(), m.end(), -1)) && test::Mover::alive == Item::alive);
      }
    }
    test::elements_are_gone();
  }
}

namespace {
// What threads pass to each other: plain data that only the counts (and the box's lock) order.
struct Cell final : RefCounted {
  explicit Cell(u32 x) : v(x) { alive.fetch_add(1, Order::relaxed); }
  ~Cell() override { v = 0; alive.fetch_sub(1, Order::relaxed); }
  static constinit inline Atomic<u32> alive{0};
  u32 v;
};
// One owner at a time: the thread that took it out.
template <class T>
class Box {
 public:
  // Puts `in` there and gives what was there.
  Opt<T> swap(Opt<T> in) {
    while (busy_.exchange(1, Order::acquire) != 0) std::this_thread::yield();
    std::swap(in, held_);
    busy_.store(0, Order::release);
    return in;
  }

 private:
  Atomic<u32> busy_{0};
  Opt<T> held_;
};

template <class F>
void on_threads(F&& f) {
  std::thread a(f, 1), b(f, 2), c(f, 3);
  a.join();
  b.join();
  c.join();
}
}  // namespace

TEST_CASE("Refs that threads share end once, after the last use", "[model]") {
  {
    Box<Ref<Cell>> boxes[4];
    Box<Weak<Cell>> weaks[4];
    Atomic<u32> wrong{0}, locked{0};
    on_threads([&](u64 thread) {
      test::Rng rng(Catch::rngSeed() * 7919ULL + thread);
      std::vector<Ref<Cell>> mine;
      for (u32 i = 0; i < 100000; ++i) {
        const u32 at = rng.below(4);
        switch (rng.below(6)) {
          case 0: { Ref<Cell> fresh = make_ref<Cell>(7U); (void)weaks[at].swap(Weak<Cell>(fresh)); (void)boxes[at].swap(std::move(fresh)); break; }
          case 1: if (!mine.empty()) (void)boxes[at].swap(mine.back()); break;
          case 2: if (Opt<Ref<Cell>> o = boxes[at].swap(none); o.has_value()) mine.push_back(std::move(o).value()); break;
          case 3: if (!mine.empty()) mine.pop_back(); break;
          case 4:
            if (Opt<Weak<Cell>> w = weaks[at].swap(none); w.has_value()) {
              const Weak<Cell> kept = *w;
              (void)weaks[at].swap(std::move(w));
              if (Opt<Ref<Cell>> o = kept.lock(); o.has_value()) {
                locked.fetch_add(1, Order::relaxed);
                mine.push_back(std::move(o).value());
              }
            }
            break;
          case 5: for (const Ref<Cell>& o : mine) wrong.fetch_add(o->v == 7 ? 0 : 1, Order::relaxed); break;
        }
        if (mine.size() > 10) mine.resize(3, mine.front());
      }
    });
    CHECK(wrong.load() == 0);
    CHECK(locked.load() != 0);
  }
  CHECK(Cell::alive.load() == 0);
}

TEST_CASE("An Own that goes from thread to thread has one user at a time", "[model]") {
  struct Counter {
    u64 n = 0;
  };
  Box<Own<Counter>> boxes[2];
  for (auto& b : boxes) (void)b.swap(make_own<Counter>());
  Atomic<u32> done{0}, lost{0};
  on_threads([&](u64 thread) {
    test::Rng rng(Catch::rngSeed() * 7907ULL + thread);
    for (u32 i = 0; i < 100000; ++i) {
      Box<Own<Counter>>& box = boxes[rng.below(2)];
      Opt<Own<Counter>> o = box.swap(none);
      if (!o.has_value()) continue;
      ++(*o)->n;
      done.fetch_add(1, Order::relaxed);
      if (box.swap(std::move(o)).has_value()) lost.fetch_add(1, Order::relaxed);
    }
  });
  u64 sum = 0;
  for (auto& b : boxes) sum += (*b.swap(none))->n;
  CHECK(sum == done.load());
  CHECK(lost.load() == 0);
  CHECK(sum != 0);
}
