// SPDX-License-Identifier: MPL-2.0
#include <compare>

namespace svc {
namespace {

struct V { int a = 0; auto operator<=>(const V&) const = default; };
bool f(V a, V b) { return a < b && (a <=> b) != 0; }

}  // namespace
}  // namespace svc
