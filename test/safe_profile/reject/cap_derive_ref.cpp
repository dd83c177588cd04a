// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Fake : ostd::CapRef<Box, box::read> { using CapRef::CapRef; };

}  // namespace
}  // namespace svc
