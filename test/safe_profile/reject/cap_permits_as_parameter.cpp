// expect: type constraints not satisfied
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void put(const ostd::Permits<box::write> auto& b) { b.set(1); }
void f(ostd::CapRef<Box, box::read> b) { put(b); }

}  // namespace
}  // namespace svc
