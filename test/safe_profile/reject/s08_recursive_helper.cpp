// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void a(ostd::Vec<int>& v, int n) { if (n > 0) a(v, n - 1); else v.clear(); }
int f(ostd::Vec<int>& v) { const int& r = v[0]; a(v, 3); return r; }

}  // namespace
}  // namespace svc
