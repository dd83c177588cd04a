// expect: S1
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(const ostd::Cap<Box, box::read>& b) { reinterpret_cast<const FullBox&>(b).set(1); }

}  // namespace
}  // namespace svc
