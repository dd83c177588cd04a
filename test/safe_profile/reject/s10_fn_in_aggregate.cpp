// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

struct S { ostd::Fn<int()> f{}; };
S g(int& a) { return S{[&a] { return a; }}; }

}  // namespace
}  // namespace svc
