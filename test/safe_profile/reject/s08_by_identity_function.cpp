// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

ostd::Vec<int>& same(ostd::Vec<int>& v [[clang::lifetimebound]]) { return v; }
int f(ostd::Vec<int> v) { auto& r = v[0]; same(v).clear(); return r; }

}  // namespace
}  // namespace svc
