// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

int f(FullBox b) {
  const ostd::CapRef<Box, box::read> r = b;
  const FullBox other = std::move(b);
  return r.get();
}

}  // namespace
}  // namespace svc
