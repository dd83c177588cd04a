// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

ostd::Vec<int> make();
int f() { auto& r = make()[0]; return r; }

}  // namespace
}  // namespace svc
