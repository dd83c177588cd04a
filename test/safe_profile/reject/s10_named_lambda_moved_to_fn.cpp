// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
#include <utility>

namespace svc {
namespace {

void keep(ostd::Fn<int()> f);
void g(int& a) { auto l = [&a] { return a; }; keep(std::move(l)); }

}  // namespace
}  // namespace svc
