// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void inner(ostd::Vec<int>& v) { v.clear(); }
void outer(ostd::Vec<int>& v) { inner(v); }
int f(ostd::Vec<int>& v) { const int& r = v[0]; outer(v); return r; }

}  // namespace
}  // namespace svc
