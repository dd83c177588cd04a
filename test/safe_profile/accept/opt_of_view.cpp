// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <string_view>

namespace svc {
namespace {

ostd::Opt<std::string_view> find(std::string_view s [[clang::lifetimebound]], char c) {
  const auto at = s.find(c);
  if (at == std::string_view::npos) return ostd::none;
  return s.substr(at);
}
int f(std::string_view s) { auto o = find(s, 'x'); return o ? static_cast<int>(o->size()) : 0; }

}  // namespace
}  // namespace svc
