// expect: S1 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(const Box::Calls& c) { static_cast<const FullBox&>(c).set(1); }
void g(const ostd::Cap<Box, box::read>& b) { f(b); }

}  // namespace
}  // namespace svc
