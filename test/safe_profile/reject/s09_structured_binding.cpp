// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct P { int a = 0; int b = 0; };
ostd::Vec<P> make();
int f() { auto& [a, b] = make()[0]; return a + b; }

}  // namespace
}  // namespace svc
