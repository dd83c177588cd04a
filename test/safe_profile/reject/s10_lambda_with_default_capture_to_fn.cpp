// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

void keep(ostd::Fn<int()> f);
struct S { int x = 0; void g() { keep([=, this] { return x; }); } };

}  // namespace
}  // namespace svc
