// expect: S5
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S;
struct B { B(const S& s); int n = 0; };
struct S : B { S() : B(*this) {} ostd::Vec<int> v{}; };

}  // namespace
}  // namespace svc
