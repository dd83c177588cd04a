// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

int f(int a) { ostd::FnRef<int()> g = [a] { return a; }; return g(); }

}  // namespace
}  // namespace svc
