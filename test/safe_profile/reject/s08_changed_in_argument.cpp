// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int use(const int& a, int b) { return a + b; }
int grow(ostd::Vec<int>& v) { v.push_back(1); return 1; }
int g(ostd::Vec<int> v) { return use(v[0], grow(v)); }

}  // namespace
}  // namespace svc
