// expect: type no matching
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

constexpr ostd::Rights<Box> kAll{~0U};
ostd::CapRef<Box, kAll> f(ostd::CapRef<Box, box::read> b) { return b; }

}  // namespace
}  // namespace svc
