// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/trap.h>
#include <string_view>

namespace svc {
namespace {

struct S { friend void ostd::panic(std::string_view); };
// OSTD_CHECK

}  // namespace
}  // namespace svc
