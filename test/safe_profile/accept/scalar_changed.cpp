// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S { int n = 0; ostd::Vec<int> v{}; int f() { auto& r = v[0]; n = 1; ++r; v[0] = 3; return r + n; } };

}  // namespace
}  // namespace svc
