// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void grow(ostd::Vec<int>& v) { v.push_back(1); }
int f(ostd::Vec<int> v) { auto& r = v[0]; grow(v); return r; }

}  // namespace
}  // namespace svc
