// SPDX-License-Identifier: MPL-2.0
#include <string_view>

namespace svc {
namespace {

bool f(std::string_view s) { return s.starts_with("ab") && s.substr(1) == "b" && s.find('c') != std::string_view::npos; }
bool g() { return f("abc"); }

}  // namespace
}  // namespace svc
