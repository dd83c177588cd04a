// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<int> v) { auto& r = v[0]; v = ostd::Vec<int>(); return r; }

}  // namespace
}  // namespace svc
