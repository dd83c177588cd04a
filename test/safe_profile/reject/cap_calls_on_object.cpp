// expect: type no member named
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(const Box& b) { b.set(1); }

}  // namespace
}  // namespace svc
