// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int g(ostd::Vec<ostd::Vec<int>> v) { auto s = v.items(); auto& r = v[0][0]; s[0].clear(); return r; }

}  // namespace
}  // namespace svc
