// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

namespace d = ostd::detail;
void f(const ostd::RefCounted& o) { d::RefAccess::release(o); }

}  // namespace
}  // namespace svc
