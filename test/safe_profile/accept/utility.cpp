// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <utility>

namespace svc {
namespace {

int f(int a) { int b = std::exchange(a, 2); std::swap(a, b); return std::as_const(a) + (std::in_range<ostd::u8>(b) ? 1 : 0); }

}  // namespace
}  // namespace svc
