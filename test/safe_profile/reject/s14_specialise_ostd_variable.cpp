// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
namespace svc { namespace { struct S {}; } }
template <> inline constexpr char ostd::detail::type_tag<svc::S> = 1;
