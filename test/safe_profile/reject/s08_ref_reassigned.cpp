// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

struct N : ostd::RefCounted { int n = 0; };
int f(ostd::Ref<N> r) { const N& n = *r; r = ostd::make_ref<N>(); return n.n; }

}  // namespace
}  // namespace svc
