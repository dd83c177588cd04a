// SPDX-License-Identifier: MPL-2.0
#include <base/map.h>
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Map<int, ostd::Vec<int>>& m) { m.update(1, [&](ostd::Vec<int>& v) { v.push_back(2); }); }

}  // namespace
}  // namespace svc
