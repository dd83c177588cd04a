// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

ostd::Fn<int()> f() { return [n = 0]() mutable { return ++n; }; }

}  // namespace
}  // namespace svc
