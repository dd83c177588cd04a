// SPDX-License-Identifier: MPL-2.0
// The balanced tree (AVL) under Map, without keys and values. Not for use outside base.
// Invariant: the heights of a node's children differ by at most 1, so 2^32 nodes are at most 46 deep.
#pragma once
#include <base/annotations.h>
#include <base/trap.h>
#include <base/types.h>

namespace ostd::detail {

inline constexpr u32 kTreeDepth = 48;

struct TreeNode {
  TreeNode* child[2] = {nullptr, nullptr};  // smaller, larger
  u8 height = 1;
  bool doomed = false;  // remove_if has chosen it
};

// The links from the root down to a place in the tree. Of links_ and stack_ only what lies up to depth_ is ever read, and that was
// written: locals of these types are OSTD_UNFILLED.
class TreePath {
 public:
  explicit TreePath(TreeNode*& root) { links_[0] = &root; }
  TreeNode* node() const { return *links_[depth_]; }
  // 0: to the smaller child, 1: to the larger. Requires: node() is not null.
  void down(u32 side) {
    OSTD_CHECK(depth_ + 1 < kTreeDepth && "tree depth");
    TreeNode* n = node();
    links_[++depth_] = &n->child[side];
  }
  // Requires: node() is null. Puts `n` there and balances.
  OSTD_UNSAFE void link(TreeNode* n);
  // Requires: node() is not null. Takes it out of the tree and balances.
  OSTD_UNSAFE TreeNode* unlink();

 private:
  void balance(u32 from);
  u32 depth_ = 0;
  TreeNode** links_[kTreeDepth];
};

// In-order walk. The tree must not change meanwhile.
class TreeWalk {
 public:
  TreeWalk() = default;
  explicit TreeWalk(TreeNode* root) { enter(root); }
  // The next node, or null at the end.
  TreeNode* next();
  // For each_from: `n` comes before everything pushed until now.
  void push(TreeNode* n) {
    OSTD_CHECK(depth_ < kTreeDepth && "tree depth");
    stack_[depth_++] = n;
  }

 private:
  void enter(TreeNode* n) {
    for (; n != nullptr; n = n->child[0]) push(n);
  }
  u32 depth_ = 0;
  TreeNode* stack_[kTreeDepth];
};

// Turns the tree into a list in order, linked by child[1]; its first node.
TreeNode* tree_to_list(TreeNode* root);
// The first n nodes of a list become a balanced tree; `list` is then the rest.
TreeNode* tree_from_list(TreeNode*& list, usize n);

}  // namespace ostd::detail
