// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int>& v) { const int& r = v[0]; for (int i = 0; i < 3; ++i) { if (i > 1) { if (r > 0) v.clear(); continue; } } return 0; }

}  // namespace
}  // namespace svc
