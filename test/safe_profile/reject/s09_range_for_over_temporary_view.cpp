// expect: W
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

struct P { ostd::Vec<int> v{}; std::span<const int> items() const [[clang::lifetimebound]] { return v.items(); } };
P make() { return P{}; }
int f() { int n = 0; for (int x : make().items()) n += x; return n; }

}  // namespace
}  // namespace svc
