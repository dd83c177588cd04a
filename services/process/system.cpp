// SPDX-License-Identifier: MPL-2.0
// System: per-user task counts.
#include <services/process/system.h>

namespace svc::proc {

u64 System::user_tasks(Uid uid) const {
  return user_tasks_.with([&](HashMap<u32, u64>& m) {
    const Opt<u64> n = m.get(uid.value);
    return n ? *n : 0;
  });
}

void System::count_user_task(Uid uid, i64 change) const {
  user_tasks_.with([&](HashMap<u32, u64>& m) {
    const Opt<u64> n = m.get(uid.value);
    const i64 next = static_cast<i64>(n ? *n : 0) + change;
    if (next <= 0) static_cast<void>(m.remove(uid.value));
    else static_cast<void>(m.put(uid.value, static_cast<u64>(next)));
  });
}

}  // namespace svc::proc
