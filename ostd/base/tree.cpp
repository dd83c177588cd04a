// SPDX-License-Identifier: MPL-2.0
// AVL balancing (G. M. Adelson-Velsky, E. M. Landis, 1962), with the path kept instead of parent pointers.
#include <base/tree.h>

namespace {
using ostd::detail::TreeNode;

int height(const TreeNode* n) { return n != nullptr ? n->height : 0; }
void update(TreeNode* n) {
  const int a = height(n->child[0]), b = height(n->child[1]);
  n->height = static_cast<ostd::u8>((a > b ? a : b) + 1);
}
// The child on `side` comes up.
void rotate(TreeNode*& link, int side) {
  TreeNode* n = link;
  TreeNode* up = n->child[side];
  n->child[side] = up->child[1 - side];
  up->child[1 - side] = n;
  link = up;
  update(n);
  update(up);
}
void settle(TreeNode*& link) {
  TreeNode* n = link;
  const int lean = height(n->child[1]) - height(n->child[0]);
  if (lean >= -1 && lean <= 1) return update(n);
  const int side = lean > 0 ? 1 : 0;
  TreeNode* tall = n->child[side];
  if (height(tall->child[1 - side]) > height(tall->child[side])) rotate(n->child[side], 1 - side);
  rotate(link, side);
}
}  // namespace

void ostd::detail::TreePath::balance(u32 from) {
  for (u32 i = from + 1; i != 0; --i)
    if (TreeNode*& link = *links_[i - 1]; link != nullptr) settle(link);
}

void ostd::detail::TreePath::link(TreeNode* n) {
  *links_[depth_] = n;
  balance(depth_);
}

ostd::detail::TreeNode* ostd::detail::TreePath::unlink() {
  const u32 at = depth_;
  TreeNode* n = node();
  if (n->child[0] == nullptr || n->child[1] == nullptr) {
    *links_[at] = n->child[n->child[0] == nullptr ? 1 : 0];
  } else {
    // The next larger node has no smaller child: it takes n's place.
    down(1);
    while (node()->child[0] != nullptr) down(0);
    TreeNode* heir = node();
    *links_[depth_] = heir->child[1];
    heir->child[0] = n->child[0];
    heir->child[1] = n->child[1];
    *links_[at] = heir;
    links_[at + 1] = &heir->child[1];
  }
  balance(depth_);
  n->child[0] = n->child[1] = nullptr;
  return n;
}

ostd::detail::TreeNode* ostd::detail::TreeWalk::next() {
  if (depth_ == 0) return nullptr;
  TreeNode* n = stack_[--depth_];
  enter(n->child[1]);
  return n;
}

ostd::detail::TreeNode* ostd::detail::tree_to_list(TreeNode* root) {
  TreeNode* list = nullptr;
  TreeNode** end = &list;
  while (root != nullptr) {
    if (root->child[0] != nullptr) {  // bring the smaller child up until there is none
      TreeNode* up = root->child[0];
      root->child[0] = up->child[1];
      up->child[1] = root;
      root = up;
    } else {
      *end = root;
      end = &root->child[1];
      root = root->child[1];
    }
  }
  return list;
}

// Recursion: log2(n) deep.
ostd::detail::TreeNode* ostd::detail::tree_from_list(TreeNode*& list, usize n) {
  if (n == 0) return nullptr;
  TreeNode* smaller = tree_from_list(list, n / 2);
  TreeNode* root = list;
  list = list->child[1];
  root->child[0] = smaller;
  root->child[1] = tree_from_list(list, n - n / 2 - 1);
  update(root);
  return root;
}
