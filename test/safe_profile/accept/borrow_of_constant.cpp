// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <string_view>

namespace svc {
namespace {

enum class E : ostd::u8 { a, b };
std::string_view name(E e) { return e == E::a ? "a" : "b"; }

}  // namespace
}  // namespace svc
