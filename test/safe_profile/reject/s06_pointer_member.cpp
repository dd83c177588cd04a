// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

struct S { decltype(ostd::Own<int>(ostd::make_own<int>(1)).operator->()) p; };

}  // namespace
}  // namespace svc
