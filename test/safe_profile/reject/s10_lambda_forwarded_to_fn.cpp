// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

void keep(ostd::Fn<int()> f);
template <class F> void g(F f) { keep(f); }
void h(int& a) { g([&a] { return a; }); }

}  // namespace
}  // namespace svc
