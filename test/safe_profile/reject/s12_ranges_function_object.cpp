// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <span>
#include <utility>

namespace svc {
namespace {

void f(std::span<int> a) { std::ranges::swap(a[0], a[1]); }
// std::move

}  // namespace
}  // namespace svc
