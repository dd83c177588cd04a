// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

struct S { ostd::FnRef<void()> f; };

}  // namespace
}  // namespace svc
