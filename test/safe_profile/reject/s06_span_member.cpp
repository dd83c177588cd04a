// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

struct S { std::span<int> s{}; };

}  // namespace
}  // namespace svc
