// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <string_view>

namespace svc {
namespace {

struct S { std::string_view s{}; };

}  // namespace
}  // namespace svc
