// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

std::string_view f() { ostd::String s("abc"); std::string_view v = s.view(); return v.substr(1); }

}  // namespace
}  // namespace svc
