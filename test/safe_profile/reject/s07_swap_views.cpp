// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>
#include <utility>

namespace svc {
namespace {

int f(std::span<const int> s) { { ostd::Vec<int> v{}; std::span<const int> t = v.items(); std::swap(s, t); } return s[0]; }

}  // namespace
}  // namespace svc
