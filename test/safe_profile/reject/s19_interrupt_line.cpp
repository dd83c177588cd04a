// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <ostd/irq.h>

namespace svc {
namespace {

ostd::Status f() {
  const ostd::Result<ostd::IrqLine> line = ostd::IrqLine::claim(4, ostd::Fn<void()>([] {}));
  if (!line.ok()) return ostd::Err(line.error());
  return ostd::Ok();
}

}  // namespace
}  // namespace svc
