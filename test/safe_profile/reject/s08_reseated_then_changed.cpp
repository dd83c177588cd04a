// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>

namespace svc {
namespace {

int f(ostd::String a, ostd::String b) { auto s = a.view(); s = b.view(); b.append("x"); return static_cast<int>(s.size()); }

}  // namespace
}  // namespace svc
