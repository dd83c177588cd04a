// SPDX-License-Identifier: MPL-2.0
#include <string_view>

namespace svc {
namespace {

int f(std::string_view s) { int n = 0; while (!s.empty()) { n += s[0] == 'a' ? 1 : 0; s = s.substr(1); } return n; }

}  // namespace
}  // namespace svc
