// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <span>
#include <utility>

namespace svc {
namespace {

struct S { std::pair<int, std::span<int>> p{}; };

}  // namespace
}  // namespace svc
