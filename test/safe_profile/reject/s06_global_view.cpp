// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <string_view>

namespace svc {
namespace {

constexpr std::string_view name = "x";

}  // namespace
}  // namespace svc
