// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

auto f(ostd::CapRef<Box, box::read> b) { return [b] { return b.get(); }; }

}  // namespace
}  // namespace svc
