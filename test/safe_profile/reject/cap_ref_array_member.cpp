// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>
#include <boot/resource.h>

namespace svc {
namespace {

struct Keeper { ostd::Array<ostd::CapRef<Box, box::read>, 2> b; };

}  // namespace
}  // namespace svc
