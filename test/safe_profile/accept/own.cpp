// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <base/vec.h>
#include <type_traits>

namespace svc {
namespace {

struct Node { ostd::Vec<ostd::Own<Node>> next{}; int value = 0; };
int f(const Node& n) { return n.next.empty() ? n.value : n.next[0]->value; }
int g() { auto n = ostd::make_own<Node>(); n->value = 3; return f(*n); }

}  // namespace
}  // namespace svc
