// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Vec<int>& v) { { auto& r = v[0]; r = 7; } v.clear(); }

}  // namespace
}  // namespace svc
