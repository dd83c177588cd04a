// SPDX-License-Identifier: MPL-2.0
#include "linux/host_futex.h"

#include <cerrno>
#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ostd::host {

Slept futex_wait(const u32* word, u32 expected, u64 deadline_ns, FutexScope scope) {
  // WAIT_BITSET: its timeout is an absolute monotonic time.
  const int op = FUTEX_WAIT_BITSET | (scope == FutexScope::process ? FUTEX_PRIVATE_FLAG : 0);
  timespec at{};
  const bool timed = deadline_ns != UINT64_MAX;
  if (timed) at = {static_cast<time_t>(deadline_ns / 1'000'000'000), static_cast<long>(deadline_ns % 1'000'000'000)};
  // SAFETY: word stays mapped: callers pass words of static tables and of mapped memory files.
  const long r = syscall(SYS_futex, word, op, expected, timed ? &at : nullptr, nullptr, FUTEX_BITSET_MATCH_ANY);
  if (r == 0 || errno == EINTR) return Slept::woken;
  return errno == ETIMEDOUT ? Slept::timed_out : Slept::changed;
}

void futex_wake(const u32* word, u32 how_many, FutexScope scope) {
  const int op = FUTEX_WAKE | (scope == FutexScope::process ? FUTEX_PRIVATE_FLAG : 0);
  // SAFETY: only the address is used.
  syscall(SYS_futex, word, op, how_many > INT_MAX ? INT_MAX : how_many);
}

}  // namespace ostd::host
