// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Vec<int>& v) { while (!v.empty()) { int& r = v[0]; --r; if (r == 0) v.clear(); } }

}  // namespace
}  // namespace svc
