// expect: type private constructor
// SPDX-License-Identifier: MPL-2.0
#include <ostd/machine.h>

namespace svc {
namespace {

void f() {
  const ostd::Ref<ostd::Power> p = ostd::make_ref<ostd::Power>();
  const ostd::CapRef<ostd::Power, ostd::power::off> c(*p);
  c.off(0);
}

}  // namespace
}  // namespace svc
