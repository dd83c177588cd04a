// expect: S10
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>

namespace svc {
namespace {

void keep(ostd::Fn<void()> f);
void g(ostd::FnRef<void()> r) { keep(r); }

}  // namespace
}  // namespace svc
