// expect: S5
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

ostd::Vec<int> g(const ostd::Vec<int>& v) { return v; }
ostd::usize f() { ostd::Vec<int> v = g(v); return v.size(); }

}  // namespace
}  // namespace svc
