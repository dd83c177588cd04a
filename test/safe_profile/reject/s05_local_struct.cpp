// expect: S5
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

struct S { int x = 0; };
struct P { ostd::u64 a; ostd::u64 b; };
ostd::u64 f() { P p; return p.a; }

}  // namespace
}  // namespace svc
