// expect: S4
// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>

namespace svc {
namespace {

ostd::Result<int> g();
ostd::Result<int> f() { return TRY(({ g(); })); }

}  // namespace
}  // namespace svc
