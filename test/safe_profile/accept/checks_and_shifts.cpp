// SPDX-License-Identifier: MPL-2.0
#include <base/trap.h>

namespace svc {
namespace {

int f(int n) { OSTD_CHECK(n > 0); return n << 1 | 1; }

}  // namespace
}  // namespace svc
