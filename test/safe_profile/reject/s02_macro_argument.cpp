// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>

namespace svc {
namespace {

ostd::Result<int> g(int& a);
ostd::Result<int> f(int& a) { return TRY(g(*(&a + 1))); }

}  // namespace
}  // namespace svc
