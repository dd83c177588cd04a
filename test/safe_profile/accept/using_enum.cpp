// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

enum class E : ostd::u8 { a, b };
int f(E e) { using enum E; return e == a ? 1 : 2; }

}  // namespace
}  // namespace svc
