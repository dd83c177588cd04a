// expect: S7
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

const int& f(const ostd::Vec<int>& v) { return v[0]; }

}  // namespace
}  // namespace svc
