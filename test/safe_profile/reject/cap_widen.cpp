// expect: type no matching function for call to
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

int g(ostd::CapRef<Box, box::read | box::write> b) { return b.get(); }
int f(ostd::CapRef<Box, box::read> b) { return g(b); }

}  // namespace
}  // namespace svc
