// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

struct S : ostd::RefCounted {};
int f() { return ostd::detail::RefAccess::try_retain(S()) ? 1 : 0; }

}  // namespace
}  // namespace svc
