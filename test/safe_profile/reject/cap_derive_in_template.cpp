// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

template <class C> struct Fake : C { using C::C; };
int f(const Fake<ostd::Cap<Box, box::read>>& c) { return c->id(); }

}  // namespace
}  // namespace svc
