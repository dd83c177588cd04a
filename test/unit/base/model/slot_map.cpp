// SPDX-License-Identifier: MPL-2.0
// SlotMap against a std::map from every handle it ever gave to what the handle names.
#include "model.h"
#include <base/slot_map.h>
#include <map>
#include <set>
#include <utility>

using namespace ostd;
using test::Item;
using test::Mover;

namespace {
using Name = std::pair<u32, u32>;
using Model = std::map<Name, int>;

template <class T>
SlotHandle<T> handle(Name n) { return {n.first, n.second}; }

template <class T>
bool same(const SlotMap<T>& s, const Model& m) {
  if (s.size() != m.size() || s.empty() != m.empty()) return false;
  bool equal = true;
  usize seen = 0;
  s.each([&](SlotHandle<T> h, const T& e) {
    const auto it = m.find(Name(h.index, h.generation));
    equal = equal && it != m.end() && it->second == e.value();
    ++seen;
  });
  return equal && seen == m.size();
}

template <class T>
void step(test::Round& r, SlotMap<T>& s, Model& m, std::set<Name>& dead) {
  using Handle = SlotHandle<T>;
  const int x = static_cast<int>(r.rng.below(1000));
  const auto equal = [&] { return same(s, m); };
  // A name that lives, if any; else one that nobody has.
  Name name(~0U, 0);
  if (!m.empty()) {
    auto it = m.lower_bound(Name(r.rng.below(static_cast<u32>(m.size()) * 2), 0));
    name = (it == m.end() ? m.begin() : it)->first;
  }
  const Handle h = handle<T>(name);
  switch (r.rng.below(10)) {
    case 0: case 1: case 2: case 3: if (m.size() < 60) {
      Handle fresh{};
      r.grow([&] { fresh = s.insert(x); }, equal);
      HOLDS(r, m.emplace(Name(fresh.index, fresh.generation), x).second);
      HOLDS(r, !dead.contains(Name(fresh.index, fresh.generation)));
    } break;
    case 4: case 5: case 6: {
      const Opt<T> e = s.remove(h);
      HOLDS(r, e.has_value() == !m.empty());
      if (e.has_value()) { HOLDS(r, e->value() == m[name]); m.erase(name); dead.insert(name); }
      HOLDS(r, !s.remove(h).has_value());
      break;
    }
    case 7: HOLDS(r, s.with(h, [&](T& e) { e = x; }) == !m.empty()); if (!m.empty()) m[name] = x; break;
    case 8: {
      int left = x % 8;
      s.each([&](Handle at, T& e) { e = x; m[Name(at.index, at.generation)] = x; return left-- == 0 ? Walk::stop : Walk::go; });
      int seen = -1;
      HOLDS(r, std::as_const(s).with(h, [&](const T& e) { seen = e.value(); }) == !m.empty());
      if (!m.empty()) HOLDS(r, seen == m[name]);
      break;
    }
    case 9: {
      SlotMap<T> other(std::move(s)), third;
      HOLDS(r, same(s, {}) && !s.contains(h));
      (void)third.insert(x);
      third = std::move(other);
      s = std::move(third);
      SlotMap<T>& self = s;
      s = std::move(self);
      break;
    }
  }
  if (m.contains(name)) HOLDS(r, s.contains(h));
  if constexpr (std::is_copy_constructible_v<T>) {
    const Opt<T> e = s.get(h);
    HOLDS(r, e.has_value() == m.contains(name) && (!e.has_value() || e->value() == m[name]));
  }
}
}  // namespace

TEMPLATE_TEST_CASE("A handle names one object for ever", "[model]", Item, Mover) {
  u32 refusals = 0;
  MODEL_ROUNDS(r, 8) {
    {
      SlotMap<TestType> s;
      Model m;
      std::set<Name> dead;
      MODEL_STEPS(r, 4000) {
        step(r, s, m, dead);
        HOLDS(r, same(s, m));
        if (r.step % 256 == 0)
          for (const Name& n : dead) HOLDS(r, !s.contains(handle<TestType>(n)) && !s.with(handle<TestType>(n), [](TestType&) {}));
        HOLDS(r, !s.contains(SlotHandle<TestType>()));
      }
    }
    test::elements_are_gone();
    refusals += r.refusals;
  }
  CHECK(refusals != 0);
}
