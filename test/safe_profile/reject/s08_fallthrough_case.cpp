// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int>& v, int k) { const int& r = v[0]; switch (k) { case 1: v.clear(); [[fallthrough]]; case 2: return r; default: return 0; } }

}  // namespace
}  // namespace svc
