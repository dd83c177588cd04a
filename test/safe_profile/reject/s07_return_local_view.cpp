// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

std::string_view f() { ostd::String s("abc"); return s.view(); }

}  // namespace
}  // namespace svc
