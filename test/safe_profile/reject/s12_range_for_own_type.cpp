// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct R { ostd::Vec<int> v{}; auto begin() { return v.begin(); } auto end() { return v.end(); } };
int f(R& r) { int n = 0; for (int x : r) n += x; return n; }

}  // namespace
}  // namespace svc
