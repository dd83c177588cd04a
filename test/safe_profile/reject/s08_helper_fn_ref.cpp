// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
#include <base/vec.h>

namespace svc {
namespace {

void helper(ostd::Vec<int>& v, ostd::FnRef<void(ostd::Vec<int>&)> g) { g(v); }
int f(ostd::Vec<int>& v) { const int& r = v[0]; helper(v, [](ostd::Vec<int>& w) { w.clear(); }); return r; }

}  // namespace
}  // namespace svc
