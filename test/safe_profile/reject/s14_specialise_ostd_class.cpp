// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

#include <base/fn.h>
namespace svc { namespace { struct S {}; } }
template <> class ostd::Fn<svc::S> {};
