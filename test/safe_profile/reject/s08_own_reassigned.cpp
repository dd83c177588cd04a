// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

int f(ostd::Own<int> o) { int& r = *o; o = ostd::make_own<int>(2); return r; }

}  // namespace
}  // namespace svc
