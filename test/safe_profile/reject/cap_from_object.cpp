// expect: type no matching
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

int g(ostd::CapRef<Box, box::read> b) { return b.get(); }
int f(const Box& b) { return g(b); }

}  // namespace
}  // namespace svc
