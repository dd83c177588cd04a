// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<ostd::Vec<int>> v) { auto& r = v[0][0]; v[0].clear(); return r; }

}  // namespace
}  // namespace svc
