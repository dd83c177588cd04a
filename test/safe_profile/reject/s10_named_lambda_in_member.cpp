// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

struct K { ostd::Fn<int()> f{}; };
template <class F> struct Box { F f; };
void g(int& a) { auto l = [&a] { return a; }; auto b = Box<decltype(l)>{l}; (void)b; }

}  // namespace
}  // namespace svc
