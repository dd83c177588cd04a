// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/types.h>

namespace svc {
namespace {

ostd::usize f(ostd::String s) { auto v = s.view(); s.append("x"); return v.size(); }

}  // namespace
}  // namespace svc
