// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>
#include <base/static_str.h>

namespace svc {
namespace {

constexpr int kSize = 8;
constexpr ostd::Array<int, 3> kTable{1, 2, 3};
constexpr ostd::StaticStr kName = "name";
int f() { static constexpr int k = 3; return kTable[1] + kSize + k + static_cast<int>(kName.size()); }

}  // namespace
}  // namespace svc
