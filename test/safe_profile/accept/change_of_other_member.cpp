// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

struct S { ostd::Vec<int> a{}; ostd::Vec<int> b{}; void f() { for (int x : a) b.push_back(x); } };

}  // namespace
}  // namespace svc
