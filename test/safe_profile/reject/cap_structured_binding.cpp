// expect: type private
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::Ref<Box> f(FullBox b) {
  auto [object] = std::move(b);
  return object;
}

}  // namespace
}  // namespace svc
