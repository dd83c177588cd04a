// expect: type no
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Fake { int value_ = 0; };
void f(const Fake& x) { Box::Calls::set(x, 1); }

}  // namespace
}  // namespace svc
