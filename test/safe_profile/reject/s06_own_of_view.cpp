// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <span>
#include <type_traits>

namespace svc {
namespace {

void f(std::span<int> s) { auto o = ostd::make_own<std::span<int>>(s); (void)o; }

}  // namespace
}  // namespace svc
