// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

int f(std::string_view s, ostd::String& t) { s = t.view(); t.append("x"); return static_cast<int>(s.size()); }

}  // namespace
}  // namespace svc
