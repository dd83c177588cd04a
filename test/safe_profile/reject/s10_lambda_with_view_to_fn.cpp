// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
#include <span>

namespace svc {
namespace {

void keep(ostd::Fn<int()> f);
void g(std::span<int> s) { keep([s] { return s[0]; }); }

}  // namespace
}  // namespace svc
