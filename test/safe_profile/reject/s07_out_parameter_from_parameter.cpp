// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

void f(std::span<const int>& out, std::span<const int> in) { out = in; }

}  // namespace
}  // namespace svc
