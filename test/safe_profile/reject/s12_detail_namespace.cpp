// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

void f(const ostd::RefCounted& o) { ostd::detail::RefAccess::release(o); }

}  // namespace
}  // namespace svc
