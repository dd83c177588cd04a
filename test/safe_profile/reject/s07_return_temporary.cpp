// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

std::string_view g(const ostd::String& s [[clang::lifetimebound]]) { return s.view(); }
std::string_view f() { return g(ostd::String("abc")); }

}  // namespace
}  // namespace svc
