// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void g(ostd::Vec<ostd::Vec<int>>& v) { for (auto& row : v) for (int& x : row) row.push_back(x); }

}  // namespace
}  // namespace svc
