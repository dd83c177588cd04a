// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S { ostd::Vec<int> v{}; void add() { v.push_back(1); } void f() { v.remove_if([&](int) { add(); return true; }); } };

}  // namespace
}  // namespace svc
