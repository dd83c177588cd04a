// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>

namespace svc {
namespace {

bool f() { return ostd::Opt<int>() ? true : nullptr == nullptr; }

}  // namespace
}  // namespace svc
