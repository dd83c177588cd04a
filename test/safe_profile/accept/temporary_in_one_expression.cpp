// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/types.h>
#include <string_view>

namespace svc {
namespace {

ostd::String make() { return ostd::String("abc"); }
ostd::usize count(std::string_view s) { return s.size(); }
ostd::usize f() { return count(make().view()) + make().view().size(); }

}  // namespace
}  // namespace svc
