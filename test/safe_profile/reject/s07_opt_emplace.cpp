// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

int f() {
  ostd::Opt<std::string_view> o{};
  { ostd::String s("abc"); o.emplace(s.view()); }
  return static_cast<int>(o.value().size());
}

}  // namespace
}  // namespace svc
