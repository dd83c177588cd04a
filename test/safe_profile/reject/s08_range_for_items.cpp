// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Vec<int>& v) { for (int x : v.items()) v.push_back(x); }

}  // namespace
}  // namespace svc
