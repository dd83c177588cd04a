// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

int f(std::span<const int> s) { { ostd::Vec<int> v{}; s = v.items(); } return s[0]; }

}  // namespace
}  // namespace svc
