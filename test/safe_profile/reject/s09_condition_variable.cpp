// expect: S9
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

ostd::Vec<int> make();
int f() { if (auto& r = make()[0]; r > 1) return r; return 0; }

}  // namespace
}  // namespace svc
