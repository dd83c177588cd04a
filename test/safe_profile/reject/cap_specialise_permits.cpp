// expect: S14 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace ostd {
template <>
constexpr bool Rights<svc::Box>::contains(Rights) const { return true; }
}  // namespace ostd
