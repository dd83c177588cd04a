// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

int total(std::span<const int> s) { return s.empty() ? 0 : s.back(); }
int f(const ostd::Vec<int>& v) { return total(v.items().subspan(0)); }

}  // namespace
}  // namespace svc
