// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <base/vec.h>

namespace svc {
namespace {

struct P { ostd::Vec<int> v{}; };
int f(ostd::Own<P> o) { auto& r = o->v[0]; o->v.clear(); return r; }

}  // namespace
}  // namespace svc
