// expect: S4
// SPDX-License-Identifier: MPL-2.0
#include <type_traits>

namespace svc {
namespace {

int f() { std::add_volatile_t<int> a = 0; return a; }

}  // namespace
}  // namespace svc
