// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { auto& r = v[0]; const int n = r; v.push_back(n); return v[1]; }

}  // namespace
}  // namespace svc
