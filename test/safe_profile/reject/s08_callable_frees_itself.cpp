// expect: S8
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

struct S { ostd::Fn<void(S&)> f_{}; void clear() { f_ = ostd::Fn<void(S&)>(); } void run() { f_(*this); } };

}  // namespace
}  // namespace svc
