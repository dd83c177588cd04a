// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Vec<int>& v) { v.remove_if([&](int n) { v.push_back(n); return true; }); }

}  // namespace
}  // namespace svc
