// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> a, ostd::Vec<int> b, bool c) { auto& r = (c ? a : b)[0]; b.clear(); return r; }

}  // namespace
}  // namespace svc
