// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int>& v, bool c) { const int& r = v[0]; if (c) { v.clear(); return r; } return 0; }

}  // namespace
}  // namespace svc
