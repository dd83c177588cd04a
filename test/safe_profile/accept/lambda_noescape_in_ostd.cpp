// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

ostd::usize f(ostd::Vec<int>& v, int limit) { return v.remove_if([&](int n) { return n > limit; }); }

}  // namespace
}  // namespace svc
