// SPDX-License-Identifier: MPL-2.0
#include <bit>

namespace svc {
namespace {

int f(unsigned a) { return std::popcount(a) + std::countl_zero(a); }

}  // namespace
}  // namespace svc
