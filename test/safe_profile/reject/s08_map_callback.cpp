// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/map.h>

namespace svc {
namespace {

void f(ostd::Map<int, int>& m) { m.each([&](const int& k, int&) { m.remove(k); }); }

}  // namespace
}  // namespace svc
