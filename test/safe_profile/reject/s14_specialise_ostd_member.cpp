// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

#include <base/vec.h>
namespace svc { namespace { struct S {}; } }
template <> ostd::usize ostd::Vec<svc::S>::size() const { return 1000; }
