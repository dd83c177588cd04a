// SPDX-License-Identifier: MPL-2.0
// List against std::deque: two lists of one kind that take turns with a few objects, and one of another kind.
#include "model.h"
#include <algorithm>
#include <base/list.h>
#include <deque>
#include <vector>

using namespace ostd;

namespace {
struct OtherTag {};
struct Node : RefCounted, ListNode<>, ListNode<OtherTag> {
  explicit Node(int x) : e(x) {}
  test::Item e;
};
using Model = std::deque<int>;
constexpr u32 kNodes = 24;

bool same(const List<Node>& l, const Model& m) {
  if (l.size() != m.size() || l.empty() != m.empty()) return false;
  usize i = 0;
  bool equal = true;
  l.each([&](const Node& n) { equal = equal && i < m.size() && m[i++] == n.e.value(); return equal ? Walk::go : Walk::stop; });
  if (!equal || i != m.size()) return false;
  // Backwards.
  Opt<Ref<Node>> at = l.back();
  while (at.has_value() && i != 0 && m[i - 1] == (*at)->e.value()) {
    --i;
    at = l.before(**at);
  }
  return i == 0 && !at.has_value();
}

void step(test::Round& r, List<Node>& l, Model& m, const Model& elsewhere, const std::vector<Ref<Node>>& nodes) {
  const u32 pick = r.rng.below(kNodes);
  const Ref<Node>& node = nodes[pick];
  const int v = static_cast<int>(pick);
  const auto at = std::find(m.begin(), m.end(), v);
  const bool in = at != m.end(), free = !in && std::find(elsewhere.begin(), elsewhere.end(), v) == elsewhere.end();
  HOLDS(r, l.contains(*node) == in);
  HOLDS(r, static_cast<const ListNode<>&>(*node).linked() == !free);
  // Links lie in the objects: nothing here may need memory.
  const auto taken = [&](const Opt<Ref<Node>>& o, bool some, int want) { return o.has_value() == some && (!some || (*o)->e.value() == want); };
  switch (r.rng.below(13)) {
    case 0: case 1: HOLDS(r, l.push_back(node) == free); if (free) m.push_back(v); break;
    case 2: HOLDS(r, l.push_front(node) == free); if (free) m.push_front(v); break;
    case 3: HOLDS(r, taken(l.remove(*node), in, v)); if (in) m.erase(at); break;
    case 4: HOLDS(r, taken(l.pop_front(), !m.empty(), m.empty() ? 0 : m.front())); if (!m.empty()) m.pop_front(); break;
    case 5: HOLDS(r, taken(l.pop_back(), !m.empty(), m.empty() ? 0 : m.back())); if (!m.empty()) m.pop_back(); break;
    case 6: HOLDS(r, l.move_to_back(*node) == in); if (in) { m.erase(at); m.push_back(v); } break;
    case 7: HOLDS(r, l.move_to_front(*node) == in); if (in) { m.erase(at); m.push_front(v); } break;
    case 8: {
      const u32 other = r.rng.below(kNodes);
      const auto before = std::find(m.begin(), m.end(), static_cast<int>(other));
      if (before == m.end()) {
        CHECK_PANICS_RARELY(r, l.insert_before(*nodes[other], node));
      } else {
        HOLDS(r, l.insert_before(*nodes[other], node) == free);
        if (free) m.insert(before, v);
      }
      break;
    }
    case 9: {
      HOLDS(r, taken(l.after(*node), in && at + 1 != m.end(), in && at + 1 != m.end() ? at[1] : 0));
      HOLDS(r, taken(l.before(*node), in && at != m.begin(), in && at != m.begin() ? at[-1] : 0));
      HOLDS(r, taken(l.front(), !m.empty(), m.empty() ? 0 : m.front()));
      break;
    }
    case 10: {
      List<Node> other(std::move(l)), third;
      HOLDS(r, l.empty() && other.contains(*node) == in && !l.contains(*node) && same(other, m));
      if (free) HOLDS(r, third.push_back(node));
      third = std::move(other);
      l = std::move(third);
      List<Node>& self = l;
      l = std::move(self);
      break;
    }
    case 11: {
      const int part = 2 + v % 5;
      HOLDS(r, l.remove_if([&](const Node& n) { return n.e.value() % part == 0; }) == std::erase_if(m, [&](int i) { return i % part == 0; }));
      break;
    }
    case 12: if (v == 0) { l.clear(); m.clear(); } break;
  }
}
}  // namespace

TEST_CASE("List does what a deque does, without memory", "[model]") {
  MODEL_ROUNDS(r, 8) {
    {
      std::vector<Ref<Node>> nodes;
      for (u32 i = 0; i < kNodes; ++i) nodes.push_back(make_ref<Node>(static_cast<int>(i)));
      List<Node> a, b;
      List<Node, OtherTag> other;
      Model m, n;
      MODEL_STEPS(r, 10000) {
        step(r, a, m, n, nodes);
        step(r, b, n, m, nodes);
        HOLDS(r, same(a, m) && same(b, n));
        const Ref<Node>& o = nodes[r.rng.below(kNodes)];
        if (!other.push_back(o)) HOLDS(r, other.remove(*o).has_value());
        // One share each for the vector, a list of each kind.
        HOLDS(r, o->ref_count() == 1U + (a.contains(*o) || b.contains(*o) ? 1 : 0) + (other.contains(*o) ? 1 : 0));
      }
      nodes.clear();
      HOLDS(r, same(a, m) && same(b, n));
    }
    test::elements_are_gone();
  }
}
