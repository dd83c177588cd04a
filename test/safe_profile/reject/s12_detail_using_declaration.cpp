// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

using ostd::detail::RefAccess;
void f(const ostd::RefCounted& o) { RefAccess::release(o); }

}  // namespace
}  // namespace svc
