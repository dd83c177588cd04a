// expect: S6 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

const FullBox kBox = mint_box();
const ostd::CapRef<Box, box::read> kRef = kBox;

}  // namespace
}  // namespace svc
