// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <utility>

namespace svc {
namespace {

struct S { int n = 0; void f(ostd::Own<S> self) { { auto dead = std::move(self); } n = 1; } };
void g(ostd::Own<S> p) { p->f(std::move(p)); }

}  // namespace
}  // namespace svc
