// SPDX-License-Identifier: MPL-2.0
// Blocking calls with a relative timeout that a signal without a handler interrupts go on by restart_syscall(2) with the time
// that is left. The argument registers are still those of the call, so its handler simply runs again, and asks here for its
// deadline: it is the first one's. [restart_syscall(2)]
#pragma once
#include <ostd/time.h>
#include <services/process/caller.h>

namespace svc::proc {

inline constexpr u64 kRestartSyscall = 219;

// The end of a timeout that began with this call, or with the one that it continues.
inline Instant relative_deadline(Caller& c, Duration d) {
  if (c.resumed_deadline) return *c.resumed_deadline;
  return time::now() + d;
}
// What an interrupted call with this deadline returns.
inline Errc restart_until(Caller& c, Instant deadline) {
  if (c.regs().rax != kRestartSyscall) c.me().words().restart_call.store(static_cast<u32>(c.regs().rax));
  c.me().words().restart_deadline.store(deadline.ns);
  return Errc::restart_block;
}

}  // namespace svc::proc
