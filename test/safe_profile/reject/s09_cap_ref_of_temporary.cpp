// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

int f() {
  const ostd::CapRef<Box, box::read> r = mint_box();
  return r.get();
}

}  // namespace
}  // namespace svc
