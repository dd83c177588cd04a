// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

constexpr bool kCan = ostd::detail::RightsOf<ostd::Cap<Box, box::read>>::value.contains(box::write);

}  // namespace
}  // namespace svc
