// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>

namespace svc {
namespace {

ostd::Result<int> one() { return 1; }
int f() { return MUST(one()); }  // one() cannot fail

}  // namespace
}  // namespace svc
