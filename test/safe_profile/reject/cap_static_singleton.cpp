// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

const FullBox& box_of_all() {
  static const FullBox b = mint_box();
  return b;
}

}  // namespace
}  // namespace svc
