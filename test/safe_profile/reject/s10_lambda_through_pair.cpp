// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
#include <utility>

namespace svc {
namespace {

void keep(ostd::Fn<int()> f);
template <class T> void pass(T&& t) { keep(std::forward<T>(t)); }
void g(int& a) { pass([&a] { return a; }); }

}  // namespace
}  // namespace svc
