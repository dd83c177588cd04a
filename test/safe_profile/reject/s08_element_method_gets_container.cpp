// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct N { int n = 0; void go(ostd::Vec<N>& v) { v.clear(); n = 1; } };
void g(ostd::Vec<N> v) { v[0].go(v); }

}  // namespace
}  // namespace svc
