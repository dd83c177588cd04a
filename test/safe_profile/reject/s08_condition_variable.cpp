// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { if (auto& r = v[0]; r > 1) { v.clear(); return r; } return 0; }

}  // namespace
}  // namespace svc
