// expect: S5
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

ostd::usize f() { ostd::Vec<int> v = [&] { return v; }(); return v.size(); }

}  // namespace
}  // namespace svc
