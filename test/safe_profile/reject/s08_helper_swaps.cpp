// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <utility>

namespace svc {
namespace {

void helper(ostd::Vec<int>& v) { ostd::Vec<int> w; std::swap(v, w); }
int f(ostd::Vec<int>& v) { const int& r = v[0]; helper(v); return r; }

}  // namespace
}  // namespace svc
