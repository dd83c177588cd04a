// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>

namespace svc {
namespace {

int f() { return static_cast<int>([](auto n) { ostd::String s("abc"); s.truncate(n); return s.view(); }(1U).size()); }

}  // namespace
}  // namespace svc
