// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

ostd::Result<std::string_view> g(const ostd::String& s [[clang::lifetimebound]]) { return s.view(); }
ostd::Result<std::string_view> f() { ostd::String s("abc"); return TRY(g(s)); }

}  // namespace
}  // namespace svc
