// expect: type constraints not satisfied
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Fake : Box::Calls { int value_ = 0; };
void f() { const Fake x{}; x.set(1); }

}  // namespace
}  // namespace svc
