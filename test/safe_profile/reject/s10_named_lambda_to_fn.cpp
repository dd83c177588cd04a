// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

void keep(ostd::Fn<int()> f);
void g(int& a) { auto l = [&a] { return a; }; keep(l); }

}  // namespace
}  // namespace svc
