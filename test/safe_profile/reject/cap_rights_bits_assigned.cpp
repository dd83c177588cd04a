// expect: type no viable
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

constexpr ostd::Rights<Box> all() {
  ostd::Rights<Box> r{};
  r.bits = ~0U;
  return r;
}
void f(ostd::CapRef<Box, box::read> b) {
  const ostd::CapRef<Box, all()> w = b;
  w.set(1);
}

}  // namespace
}  // namespace svc
