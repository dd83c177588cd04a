// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

const FullBox kBox = mint_box();

}  // namespace
}  // namespace svc
