// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <utility>
#include <boot/resource.h>

namespace svc {
namespace {

std::pair<int, ostd::CapRef<Box, box::read>> f(FullBox own) { return {1, ostd::CapRef<Box, box::read>(own)}; }

}  // namespace
}  // namespace svc
