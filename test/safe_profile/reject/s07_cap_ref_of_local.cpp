// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::CapRef<Box, box::read> f(FullBox b) { const FullBox mine = std::move(b); return mine; }

}  // namespace
}  // namespace svc
