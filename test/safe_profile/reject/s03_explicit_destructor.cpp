// expect: S3
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

void f(ostd::Vec<int>& v) { v.~Vec(); }

}  // namespace
}  // namespace svc
