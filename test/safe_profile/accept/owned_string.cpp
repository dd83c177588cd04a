// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/types.h>
#include <string_view>

namespace svc {
namespace {

ostd::String f(std::string_view s) { return ostd::String(s); }
ostd::usize g() { return f("abc").size(); }

}  // namespace
}  // namespace svc
