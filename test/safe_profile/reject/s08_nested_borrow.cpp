// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/vec.h>

namespace svc {
namespace {

int f(ostd::Vec<ostd::String> v) { auto& s = v[0]; auto t = s.view(); v.clear(); return static_cast<int>(t.size()); }

}  // namespace
}  // namespace svc
