// expect: S3 +
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>

namespace svc {
namespace {

void f(ostd::Opt<int>& a) { ::new (&*a) int(3); }

}  // namespace
}  // namespace svc
