// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

template <class F> void run(F&& f) { f(); }
int f() {
  std::string_view last;
  run([&] { ostd::String s("abc"); last = s.view(); });
  return static_cast<int>(last.size());
}

}  // namespace
}  // namespace svc
