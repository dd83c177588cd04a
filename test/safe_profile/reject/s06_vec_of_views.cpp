// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

int f(std::span<int> s) { ostd::Vec<std::span<int>> v{}; v.push_back(s); return v[0][0]; }

}  // namespace
}  // namespace svc
