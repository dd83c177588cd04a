// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <utility>

namespace svc {
namespace {

std::pair<int, ostd::String> f() { return {1, ostd::String("a")}; }
int g() { auto p = f(); return p.first + static_cast<int>(p.second.size()); }

}  // namespace
}  // namespace svc
