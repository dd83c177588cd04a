// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v, int k) { switch (k) { case 1: return 2; default: auto& r = v[0]; v.clear(); return r; } }

}  // namespace
}  // namespace svc
