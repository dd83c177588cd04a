// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

void f(std::span<const int>& out) { ostd::Vec<int> v{}; out = v.items(); }

}  // namespace
}  // namespace svc
