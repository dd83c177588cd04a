// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S { ostd::Vec<int> v{}; ostd::Vec<int> gone{}; void f() { v.remove_if([&](int n) { gone.push_back(n); return true; }); } };

}  // namespace
}  // namespace svc
