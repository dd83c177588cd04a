// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>
#include <string_view>

namespace svc {
namespace {

ostd::Result<std::string_view> part(std::string_view s [[clang::lifetimebound]]) { if (s.empty()) return ostd::Errc::invalid_argument; return s.substr(1); }
ostd::Result<int> f(std::string_view s) { const auto p = TRY(part(s)); return static_cast<int>(TRY(part(p)).size()); }

}  // namespace
}  // namespace svc
