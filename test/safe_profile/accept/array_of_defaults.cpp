// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>

namespace svc {
namespace {

struct S { ostd::Array<int, 16> a{}; };
int f() { ostd::Array<ostd::Array<int, 2>, 3> m{}; return m[0][1] + S{}.a[3]; }

}  // namespace
}  // namespace svc
