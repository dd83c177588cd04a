// expect: S4 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

union Both { ostd::Cap<Box, box::read> r; FullBox w; ~Both() {} };

}  // namespace
}  // namespace svc
