// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>

namespace svc {
namespace {

auto f() { return [s = ostd::String("abc")] { return s.view(); }; }

}  // namespace
}  // namespace svc
