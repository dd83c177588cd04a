// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void g(ostd::Vec<int>& v) { auto f = [&](int n) { v.push_back(n); return true; }; v.remove_if(f); }

}  // namespace
}  // namespace svc
