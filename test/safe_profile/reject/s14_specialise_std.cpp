// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <span>
namespace svc { namespace { struct S {}; } }
template <> inline constexpr bool std::ranges::enable_borrowed_range<svc::S> = true;
