// expect: S3
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

struct S { ostd::Own<int> o; void f() { this->~S(); } };

}  // namespace
}  // namespace svc
