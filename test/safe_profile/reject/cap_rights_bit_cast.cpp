// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <bit>
#include <boot/resource.h>

namespace svc {
namespace {

constexpr auto kAll = std::bit_cast<ostd::Rights<Box>>(~0U);
void f(ostd::DynCap<Box> b) { static_cast<void>(b.as<kAll>().ok()); }

}  // namespace
}  // namespace svc
