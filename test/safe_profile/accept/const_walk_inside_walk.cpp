// SPDX-License-Identifier: MPL-2.0
#include <base/map.h>

namespace svc {
namespace {

bool f(const ostd::Map<int, int>& m) { bool same = false; m.with(1, [&](const int& a) { m.with(2, [&](const int& b) { same = a == b; }); }); return same; }

}  // namespace
}  // namespace svc
