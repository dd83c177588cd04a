// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <string_view>

namespace svc {
namespace {

struct S { ostd::Opt<std::string_view> s{}; };

}  // namespace
}  // namespace svc
