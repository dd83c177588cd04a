// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { int n = 0; auto& r = v[0]; while (n < 9) { n += r; v.push_back(n); } return n; }

}  // namespace
}  // namespace svc
