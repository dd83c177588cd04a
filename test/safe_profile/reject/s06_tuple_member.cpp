// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <string_view>
#include <tuple>

namespace svc {
namespace {

struct S { std::tuple<int, std::string_view> t{}; };

}  // namespace
}  // namespace svc
