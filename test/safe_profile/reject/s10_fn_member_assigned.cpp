// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

struct S { ostd::Fn<int()> f{}; void set(int& a) { f = [&a] { return a; }; } };

}  // namespace
}  // namespace svc
