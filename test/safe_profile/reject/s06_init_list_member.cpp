// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <initializer_list>

namespace svc {
namespace {

struct S { std::initializer_list<int> l{}; };

}  // namespace
}  // namespace svc
