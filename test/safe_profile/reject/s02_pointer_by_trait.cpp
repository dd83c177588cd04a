// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <type_traits>

namespace svc {
namespace {

int f(std::add_pointer_t<int> p) { return *p; }

}  // namespace
}  // namespace svc
