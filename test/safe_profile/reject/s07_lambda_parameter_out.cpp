// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/vec.h>
#include <string_view>

namespace svc {
namespace {

int f(ostd::Vec<ostd::String>& v) {
  std::string_view last;
  v.remove_if([&](const ostd::String& s) { last = s.view(); return true; });
  return static_cast<int>(last.size());
}

}  // namespace
}  // namespace svc
