// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

ostd::Opt<std::string_view> f() { ostd::String s("abc"); return ostd::Opt<std::string_view>(s.view()); }

}  // namespace
}  // namespace svc
