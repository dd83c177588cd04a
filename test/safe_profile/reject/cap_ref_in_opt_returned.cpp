// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Opt<ostd::CapRef<Box, box::read>> f() {
  const FullBox own = mint_box();
  return ostd::Opt<ostd::CapRef<Box, box::read>>(own);
}

}  // namespace
}  // namespace svc
