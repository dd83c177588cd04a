// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { int n = 0; for (auto& r = v[0]; n < 3; ++n) { v.clear(); n += r; } return n; }

}  // namespace
}  // namespace svc
