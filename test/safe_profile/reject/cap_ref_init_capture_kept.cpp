// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Fn<int()> f(ostd::CapRef<Box, box::read> b) { return ostd::Fn<int()>([c = b] { return c.get(); }); }

}  // namespace
}  // namespace svc
