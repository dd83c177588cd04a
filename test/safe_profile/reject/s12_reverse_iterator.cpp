// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

int f(std::span<int> s) { return *s.rbegin(); }

}  // namespace
}  // namespace svc
