// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<ostd::Vec<int>>& v) { auto& row = v[0]; auto& cell = row[0]; cell = 4; row.push_back(1); return static_cast<int>(row.size()); }

}  // namespace
}  // namespace svc
