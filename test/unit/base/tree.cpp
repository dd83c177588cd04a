// SPDX-License-Identifier: MPL-2.0
#include <base/tree.h>
#include <memory>
#include <unit.h>
#include <vector>

using namespace ostd;

namespace {
struct Node : detail::TreeNode { int key = 0; };

// The height; fails when it is recorded wrongly, the children's heights differ by more than 1 or the order is wrong.
int checked_height(detail::TreeNode* n, int low, int high) {
  if (n == nullptr) return 0;
  const int key = static_cast<Node*>(n)->key;
  REQUIRE((low < key && key < high));
  const int a = checked_height(n->child[0], low, key), b = checked_height(n->child[1], key, high);
  REQUIRE(std::abs(a - b) <= 1);
  REQUIRE(n->height == std::max(a, b) + 1);
  return n->height;
}
}  // namespace

TEST_CASE("The tree keeps its balance after every change", "[tree]") {
  for (u64 seed = 1; seed <= 10; ++seed) {
    test::Rng rng(seed);
    std::vector<Node> nodes(200);
    for (int i = 0; i < 200; ++i) nodes[static_cast<usize>(i)].key = i;
    std::vector<bool> in(200);
    detail::TreeNode* root = nullptr;
    for (int step = 0; step < 1500; ++step) {
      const u32 k = rng.below(200);
      detail::TreePath path(root);
      while (path.node() != nullptr && path.node() != &nodes[k]) path.down(static_cast<Node*>(path.node())->key < nodes[k].key ? 1 : 0);
      REQUIRE((path.node() != nullptr) == in[k]);
      if (in[k]) {
        CHECK(path.unlink() == &nodes[k]);
      } else {
        nodes[k].height = 1;
        path.link(&nodes[k]);
      }
      in[k] = !in[k];
      checked_height(root, -1, 200);
    }
    const usize n = static_cast<usize>(std::count(in.begin(), in.end(), true));
    detail::TreeNode* list = detail::tree_to_list(root);
    root = detail::tree_from_list(list, n);
    REQUIRE(list == nullptr);
    checked_height(root, -1, 200);
  }
}
