// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>
#include <utility>

namespace svc {
namespace {

std::pair<int, std::span<const int>> f() { ostd::Vec<int> v; return {1, v.items()}; }

}  // namespace
}  // namespace svc
