// expect: type private member
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

template <auto P> struct Thief { int n = 0; };
Thief<&FullBox::o_> t{};

}  // namespace
}  // namespace svc
