// SPDX-License-Identifier: MPL-2.0
// TaskTree: a treap (search tree by key, heap by a random number), each node with the least rank of its subtree. [Seidel, Aragon:
// Randomized search trees, 1996]
// SAFETY, all of this file: a node's pointers name entities whose nodes have owner_ == this tree, and such a node holds a Ref of
// its task, so the entity, which is a part of that task (or outlives the tree, in tests), is alive.
#include "sched.h"

#include <base/hash.h>

namespace ostd {

struct TaskTree::Steps {
  static bool before(u64 a, u64 b) { return static_cast<i64>(a - b) < 0; }
  static bool before(const SchedEntity& a, const SchedEntity& b) {
    return a.node.key_ == b.node.key_ ? before(a.node.order_, b.node.order_) : before(a.node.key_, b.node.key_);
  }
  static u32 random_height(u64 x) {
    x = (x ^ hash_seed()) * 0x9e37'79b9'7f4a'7c15;
    x = (x ^ x >> 29) * 0xbf58'476d'1ce4'e5b9;
    return static_cast<u32>(x >> 32);
  }
  static void sum_up(TaskTreeNode& n) {
    n.least_rank_ = n.rank_;
    for (const SchedEntity* child : {n.left_, n.right_})
      if (child && before(child->node.least_rank_, n.least_rank_)) n.least_rank_ = child->node.least_rank_;
  }
  // What is before `at` and what is not.
  static void split(SchedEntity* tree, const SchedEntity& at, SchedEntity*& low, SchedEntity*& high) {
    if (!tree) {
      low = high = nullptr;
      return;
    }
    if (before(*tree, at)) {
      split(tree->node.right_, at, tree->node.right_, high);
      low = tree;
    } else {
      split(tree->node.left_, at, low, tree->node.left_);
      high = tree;
    }
    sum_up(tree->node);
  }
  static SchedEntity* join(SchedEntity* low, SchedEntity* high) {
    if (!low || !high) return low ? low : high;
    SchedEntity* top = low->node.height_ > high->node.height_ ? low : high;
    if (top == low) low->node.right_ = join(low->node.right_, high);
    else high->node.left_ = join(low, high->node.left_);
    sum_up(top->node);
    return top;
  }
  static SchedEntity* with(SchedEntity* tree, SchedEntity& e) {
    if (!tree || tree->node.height_ < e.node.height_) {
      split(tree, e, e.node.left_, e.node.right_);
      sum_up(e.node);
      return &e;
    }
    SchedEntity*& side = before(e, *tree) ? tree->node.left_ : tree->node.right_;
    side = with(side, e);
    sum_up(tree->node);
    return tree;
  }
  static SchedEntity* without(SchedEntity* tree, const SchedEntity& e) {
    if (tree == &e) return join(tree->node.left_, tree->node.right_);
    SchedEntity*& side = before(e, *tree) ? tree->node.left_ : tree->node.right_;
    side = without(side, e);
    sum_up(tree->node);
    return tree;
  }
  static SchedEntity* first_for(SchedEntity* tree, CpuId cpu, u32& tries) {
    if (!tree || tries == 0) return nullptr;
    if (SchedEntity* e = first_for(tree->node.left_, cpu, tries)) return e;
    if (tries == 0) return nullptr;
    --tries;
    if ((*tree->node.task_)->affinity().has(cpu)) return tree;
    return first_for(tree->node.right_, cpu, tries);
  }
  static Opt<Ref<Task>> take(TaskTree& t, SchedEntity* e, FnRef<void(SchedEntity&)> taken) {
    if (!e) return {};
    Opt<Ref<Task>> task = t.remove(*e);
    taken(*e);
    return task;
  }
};

TaskTree::~TaskTree() {
  while (root_) (void)remove(*root_);
}

// SAFETY: an address as a number, to compare.
bool TaskTree::contains(const SchedEntity& e) const { return e.node.owner_ == reinterpret_cast<u64>(this); }

bool TaskTree::insert(Ref<Task> task, SchedEntity& e, u64 key, u64 rank) {
  TaskTreeNode& n = e.node;
  if (n.owner_ != 0) return false;
  // SAFETY: an address as a number, to compare.
  n.owner_ = reinterpret_cast<u64>(this);
  n.left_ = n.right_ = nullptr;
  n.key_ = key;
  n.order_ = next_order_++;
  n.rank_ = rank;
  n.height_ = Steps::random_height(n.order_ ^ task->id() << 32);
  n.task_ = std::move(task);
  root_ = Steps::with(root_, e);
  ++size_;
  return true;
}

Opt<Ref<Task>> TaskTree::remove(SchedEntity& e) {
  if (!contains(e)) return {};
  root_ = Steps::without(root_, e);
  --size_;
  e.node.owner_ = 0;
  return e.node.task_.take();
}

Opt<u64> TaskTree::first_key() const {
  const SchedEntity* e = root_;
  while (e && e->node.left_) e = e->node.left_;
  return e ? Opt<u64>(e->node.key_) : Opt<u64>();
}

Opt<Ref<Task>> TaskTree::take_first_within(u64 rank, FnRef<void(SchedEntity&)> taken) {
  const auto within = [&](const SchedEntity* e) { return e && !Steps::before(rank, e->node.least_rank_); };
  SchedEntity* e = within(root_) ? root_ : nullptr;
  while (e) {
    if (within(e->node.left_)) e = e->node.left_;
    else if (!Steps::before(rank, e->node.rank_)) break;
    else e = e->node.right_;
  }
  return Steps::take(*this, e, taken);
}

Opt<Ref<Task>> TaskTree::take_first(FnRef<void(SchedEntity&)> taken) {
  SchedEntity* e = root_;
  while (e && e->node.left_) e = e->node.left_;
  return Steps::take(*this, e, taken);
}

Opt<Ref<Task>> TaskTree::take_first_for(CpuId cpu, u32 tries, FnRef<void(SchedEntity&)> taken) {
  return Steps::take(*this, Steps::first_for(root_, cpu, tries), taken);
}

}  // namespace ostd
