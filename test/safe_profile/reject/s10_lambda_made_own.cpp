// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

void h(int& a) {
  auto make = [](auto f) { return ostd::make_own<decltype(f)>(f); };
  (void)make([&a] { return a; });
}

}  // namespace
}  // namespace svc
