// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <bit>

namespace svc {
namespace {

struct S { int a = 0; };
long f(S s) { return std::bit_cast<int>(s); }

}  // namespace
}  // namespace svc
