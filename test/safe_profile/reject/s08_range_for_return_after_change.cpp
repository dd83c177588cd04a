// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int>& v) { for (int& x : v) { if (x > 0) { v.clear(); return x; } } return 0; }

}  // namespace
}  // namespace svc
