// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

void add(ostd::String& s, std::string_view t) { s.clear(); s.append(t); }
void f(ostd::String s) { add(s, s.view()); }

}  // namespace
}  // namespace svc
