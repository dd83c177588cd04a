// expect: type deleted
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(ostd::CapRef<Box, box::read> a, ostd::CapRef<Box, box::read> b) { a = b; }

}  // namespace
}  // namespace svc
