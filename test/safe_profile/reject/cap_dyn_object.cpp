// expect: type no member
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(const ostd::DynCap<Box>& d) { d.set(1); }

}  // namespace
}  // namespace svc
