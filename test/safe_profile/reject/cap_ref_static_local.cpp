// expect: S11 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

int f(const FullBox& b) {
  static const ostd::CapRef<Box, box::read> r = b;
  return r.get();
}

}  // namespace
}  // namespace svc
