// SPDX-License-Identifier: MPL-2.0
#include <base/map.h>
#include <base/string.h>

namespace svc {
namespace {

int f(const ostd::Map<int, ostd::String>& m) { int n = 0; m.each([&](const int& k, const ostd::String& v) { n += k + static_cast<int>(v.size()); }); return n; }

}  // namespace
}  // namespace svc
