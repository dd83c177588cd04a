// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

using namespace ostd;
void f(const RefCounted& o) { detail::RefAccess::release(o); }

}  // namespace
}  // namespace svc
