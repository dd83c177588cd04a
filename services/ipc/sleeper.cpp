// SPDX-License-Identifier: MPL-2.0
#include <services/ipc/sleeper.h>

namespace svc::ipc {

Status Sleeper::sleep(Opt<Instant> deadline, FnRef<bool()> give_up) const {
  for (;;) {
    const u32 r = result_.load(Order::acquire);
    if (r == kDone) return Ok();
    if (r != kWaiting) return static_cast<Errc>(r - kFailed);
    const Status s = ostd::task::park(Wait::interruptible, deadline);
    if (!s.ok() && give_up()) return s;
  }
}

void wake_all(WakeList finished) {
  for (Opt<Ref<Sleeper>> s = finished.pop_front(); s; s = finished.pop_front()) (*s)->wake();
}

}  // namespace svc::ipc
