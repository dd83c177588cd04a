// expect: S3
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

void f(ostd::Own<int>& o) { delete o.operator->(); }

}  // namespace
}  // namespace svc
