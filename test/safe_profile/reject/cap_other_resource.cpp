// expect: type no
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

class Crate;
void f(ostd::CapRef<Box, box::read> b) { const ostd::CapRef<Box, ostd::Rights<Crate>::bit(1)> w = b; w.set(1); }

}  // namespace
}  // namespace svc
