// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void helper(ostd::Vec<int>& v) { auto l = [&] { v.clear(); }; l(); }
int f(ostd::Vec<int>& v) { const int& r = v[0]; helper(v); return r; }

}  // namespace
}  // namespace svc
