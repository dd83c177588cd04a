// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>

namespace svc {
namespace {

ostd::String make() { return ostd::String("abc"); }
int f() { const auto& s = make(); return static_cast<int>(s.size()); }

}  // namespace
}  // namespace svc
