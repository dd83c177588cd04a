// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <type_traits>

namespace svc {
namespace {

int f() { int& r = *ostd::make_own<int>(1); return r; }

}  // namespace
}  // namespace svc
