// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

struct P { ostd::String s{}; std::string_view name() const [[clang::lifetimebound]] { return s.view(); } };
P make();
int f() { const std::string_view v = make().name(); return static_cast<int>(v.size()); }

}  // namespace
}  // namespace svc
