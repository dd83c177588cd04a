// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

int f(std::span<int> s) { return std::span<int>(s.data(), 100)[50]; }

}  // namespace
}  // namespace svc
