// expect: S14 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
struct Fake { int n = 0; };
}  // namespace svc
template <>
struct ostd::detail::RightsOf<svc::Fake> { static constexpr ostd::Rights<svc::Box> value = ostd::Rights<svc::Box>::all(); };
