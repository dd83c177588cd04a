// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

int f() {
  std::string_view last;
  for (int i = 0; i < 3; ++i) { ostd::String s("abc"); last = s.view(); }
  return static_cast<int>(last.size());
}

}  // namespace
}  // namespace svc
