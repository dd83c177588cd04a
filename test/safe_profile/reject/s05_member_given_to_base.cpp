// expect: S5
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct B { explicit B(ostd::Vec<int>& v) { v.push_back(1); } };
struct S : B { S() : B(v) {} ostd::Vec<int> v{}; };

}  // namespace
}  // namespace svc
