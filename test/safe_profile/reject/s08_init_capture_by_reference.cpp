// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { auto l = [&r = v[0]] { return r; }; v.clear(); return l(); }

}  // namespace
}  // namespace svc
