// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

int f(int& a) { int n = 0; for (int x : std::span<int>(&a, 9)) n += x; return n; }

}  // namespace
}  // namespace svc
