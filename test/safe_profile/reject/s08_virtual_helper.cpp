// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct H { virtual ~H() = default; virtual void go(ostd::Vec<int>& v) const { (void)v; } };
int f(const H& h, ostd::Vec<int>& v) { const int& r = v[0]; h.go(v); return r; }

}  // namespace
}  // namespace svc
