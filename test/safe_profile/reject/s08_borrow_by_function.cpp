// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

const int& first(const ostd::Vec<int>& v [[clang::lifetimebound]]) { return v[0]; }
int f(ostd::Vec<int> v) { const int& r = first(v); v.clear(); return r; }

}  // namespace
}  // namespace svc
