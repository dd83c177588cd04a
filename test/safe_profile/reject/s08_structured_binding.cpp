// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct P { int a = 0; int b = 0; };
int f(ostd::Vec<P> v) { auto& [a, b] = v[0]; v.clear(); return a + b; }

}  // namespace
}  // namespace svc
