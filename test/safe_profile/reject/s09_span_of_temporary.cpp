// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <span>

namespace svc {
namespace {

ostd::Vec<int> make();
int f() { std::span<const int> s = make().items(); return s[0]; }

}  // namespace
}  // namespace svc
