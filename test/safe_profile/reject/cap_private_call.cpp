// expect: type is a private member
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(ostd::CapRef<Box, box::read> b) { b->value_.store(1); }

}  // namespace
}  // namespace svc
