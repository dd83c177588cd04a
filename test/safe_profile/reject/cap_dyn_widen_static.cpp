// expect: type no
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

void f(ostd::DynCap<Box> d) { const FullBox b = d.narrow(ostd::Rights<Box>::all()); b.set(1); }

}  // namespace
}  // namespace svc
