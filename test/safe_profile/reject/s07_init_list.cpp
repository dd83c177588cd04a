// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <initializer_list>

namespace svc {
namespace {

int f() { std::initializer_list<int> l; l = {1, 2, 3}; int n = 0; for (int x : l) n += x; return n; }

}  // namespace
}  // namespace svc
