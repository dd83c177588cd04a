// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S { ostd::Vec<int> v{}; int f() { auto& r = v[0]; this->v.clear(); return r; } };

}  // namespace
}  // namespace svc
