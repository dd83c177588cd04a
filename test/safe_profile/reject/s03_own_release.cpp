// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

void f(ostd::Own<int> o) { (void)o.release(); }

}  // namespace
}  // namespace svc
