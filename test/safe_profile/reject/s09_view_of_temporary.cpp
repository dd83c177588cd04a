// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

ostd::String make();
int f() { std::string_view v = make().view(); return static_cast<int>(v.size()); }

}  // namespace
}  // namespace svc
