// SPDX-License-Identifier: MPL-2.0
// A pairing heap of TimerNodes: insert O(1), remove O(log n) amortised, no memory and no recursion.
#include <common/timer_core.h>

namespace {
using ostd::common::TimerNode;

// Joins two heaps; either may be null. The roots have no siblings.
TimerNode* meld(TimerNode* a, TimerNode* b) {
  if (!a) return b;
  if (!b) return a;
  if (b->deadline < a->deadline) { TimerNode* t = a; a = b; b = t; }
  b->next = a->child;
  if (a->child) a->child->prev = b;
  b->prev = a;
  a->child = b;
  return a;
}

// Joins a list of siblings: in pairs from left to right, then the pairs from right to left.
TimerNode* meld_list(TimerNode* list) {
  TimerNode* pairs = nullptr;
  while (list) {
    TimerNode* a = list;
    TimerNode* b = a->next;
    list = b ? b->next : nullptr;
    a->next = a->prev = nullptr;
    if (b) b->next = b->prev = nullptr;
    TimerNode* m = meld(a, b);
    m->next = pairs;
    pairs = m;
  }
  TimerNode* root = nullptr;
  while (pairs) {
    TimerNode* m = pairs;
    pairs = m->next;
    m->next = nullptr;
    root = meld(root, m);
  }
  return root;
}
}  // namespace

void ostd::common::heap_insert(TimerNode*& root, TimerNode& n) {
  n.child = n.next = n.prev = nullptr;
  root = meld(root, &n);
}

void ostd::common::heap_remove(TimerNode*& root, TimerNode& n) {
  TimerNode* below = meld_list(n.child);
  n.child = nullptr;
  if (root == &n) {
    root = below;
    return;
  }
  (n.prev->child == &n ? n.prev->child : n.prev->next) = n.next;
  if (n.next) n.next->prev = n.prev;
  n.next = n.prev = nullptr;
  root = meld(root, below);
}
