// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>

namespace svc {
namespace {

int f() { auto g = [] { ostd::String s("abc"); return s.view(); }; return static_cast<int>(g().size()); }

}  // namespace
}  // namespace svc
