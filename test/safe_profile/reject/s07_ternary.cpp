// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

std::string_view f(bool b, std::string_view s [[clang::lifetimebound]]) { ostd::String t("abc"); return b ? s : t.view(); }

}  // namespace
}  // namespace svc
