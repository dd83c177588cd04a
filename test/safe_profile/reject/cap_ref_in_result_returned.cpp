// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Result<ostd::CapRef<Box, box::read>> f(FullBox own) { return ostd::CapRef<Box, box::read>(own); }

}  // namespace
}  // namespace svc
