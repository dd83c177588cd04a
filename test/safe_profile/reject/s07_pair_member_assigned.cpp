// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>
#include <utility>

namespace svc {
namespace {

int f(std::pair<int, std::span<const int>> p) { { ostd::Vec<int> v{}; p.second = v.items(); } return p.second[0]; }

}  // namespace
}  // namespace svc
