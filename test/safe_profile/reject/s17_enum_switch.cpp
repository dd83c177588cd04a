// expect: S17
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

enum class E : ostd::u8 { a, b };
int f(E e) { switch (e) { case E::a: return 1; case E::b: return 2; } }

}  // namespace
}  // namespace svc
