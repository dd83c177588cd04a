// expect: type deleted
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(FullBox b) {
  const auto holder = [b = std::move(b)] { return b.get(); };
  const auto second = holder;
  static_cast<void>(second());
}

}  // namespace
}  // namespace svc
