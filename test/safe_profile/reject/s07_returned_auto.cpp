// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

auto f(std::span<int> s) { return s.first(1); }

}  // namespace
}  // namespace svc
