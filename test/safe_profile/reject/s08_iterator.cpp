// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { auto it = v.begin(); v.clear(); return *it; }

}  // namespace
}  // namespace svc
