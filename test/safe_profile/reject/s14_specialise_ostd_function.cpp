// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

#include <base/own.h>
namespace svc { namespace { struct S {}; } }
template <> ostd::Own<svc::S> ostd::make_own<svc::S>() = delete;
