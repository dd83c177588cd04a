// expect: type no matching member function for call to 'set'
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(ostd::CapRef<Box, box::read> b) { b.set(1); }

}  // namespace
}  // namespace svc
