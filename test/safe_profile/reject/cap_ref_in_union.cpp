// expect: S4
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

union Both { int n; ostd::CapRef<Box, box::read> b; };

}  // namespace
}  // namespace svc
