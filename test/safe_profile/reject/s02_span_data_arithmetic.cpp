// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

int f(std::span<int> s) { return *(s.data() + 9); }

}  // namespace
}  // namespace svc
