// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Vec<ostd::Vec<int>>& v) { for (auto& x : v) x.push_back(1); }

}  // namespace
}  // namespace svc
