// expect: S1
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <ostd/user_io.h>

namespace svc {
namespace {

struct S { bool b = false; };
bool f(const ostd::AddressSpace& as, ostd::VirtAddr at) {
  auto r = ostd::user::read<S>(as, at);
  return r.ok() && r.value().b;
}

}  // namespace
}  // namespace svc
