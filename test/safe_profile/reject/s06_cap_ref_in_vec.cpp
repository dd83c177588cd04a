// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>
#include <base/vec.h>

namespace svc {
namespace {

struct Holder { ostd::Vec<ostd::CapRef<Box, box::read>> v{}; };

}  // namespace
}  // namespace svc
