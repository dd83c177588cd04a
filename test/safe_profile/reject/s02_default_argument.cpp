// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

int f(bool b = ostd::Own<int>(ostd::make_own<int>(1)).operator->() == ostd::Own<int>(ostd::make_own<int>(1)).operator->());

}  // namespace
}  // namespace svc
