// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

struct P { ostd::String a{}; int b = 0; };
std::string_view f() { P p; auto& [a, b] = p; return a.view(); }

}  // namespace
}  // namespace svc
