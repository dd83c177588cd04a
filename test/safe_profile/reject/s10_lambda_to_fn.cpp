// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

ostd::Fn<int()> f(int& a) { return [&a] { return a; }; }

}  // namespace
}  // namespace svc
