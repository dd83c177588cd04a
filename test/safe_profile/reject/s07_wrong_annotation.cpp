// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

const int& f(const ostd::Vec<int>& a [[clang::lifetimebound]], const ostd::Vec<int>& b) { return a.empty() ? b[0] : a[0]; }

}  // namespace
}  // namespace svc
