// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void add(ostd::Vec<int>& v, const int& x) { v.clear(); v.push_back(x); }
void f(ostd::Vec<int> v) { add(v, v[0]); }

}  // namespace
}  // namespace svc
