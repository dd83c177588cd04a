// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <optional>
#include <boot/resource.h>

namespace svc {
namespace {

std::optional<ostd::CapRef<Box, box::read>> f(const FullBox& own) { return ostd::CapRef<Box, box::read>(own); }

}  // namespace
}  // namespace svc
