// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <string_view>

namespace svc {
namespace {

std::string_view f() { static constexpr std::string_view s = "x"; return s; }

}  // namespace
}  // namespace svc
