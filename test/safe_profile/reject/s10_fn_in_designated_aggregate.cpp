// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

struct S { int n = 0; ostd::Fn<int()> f{}; };
S g(int& a) { return S{.n = 1, .f = [&a] { return a; }}; }

}  // namespace
}  // namespace svc
