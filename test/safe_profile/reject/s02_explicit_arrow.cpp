// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

int f(ostd::Own<int>& o) { auto p = o.operator->(); return *p; }

}  // namespace
}  // namespace svc
