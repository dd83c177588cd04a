// SPDX-License-Identifier: MPL-2.0
// Times as programs give them. [timespec(3type), timeval(3type)]
#pragma once
#include <services/syscall/entry.h>
#include <services/syscall/sys_dirs.h>
#include <services/syscall/sys_events.h>

namespace svc::sys {

inline constexpr i64 kNanosPerSecond = 1'000'000'000;
constexpr bool valid(const UserTimespec& t) { return t.seconds >= 0 && t.nanos >= 0 && t.nanos < kNanosPerSecond; }
constexpr Duration to_duration(const UserTimespec& t) { return Duration::seconds(t.seconds) + Duration::nanos(t.nanos); }
constexpr UserTimespec to_timespec(i64 ns) {
  const i64 part = ns % kNanosPerSecond;
  // Rounds down, so that the nanoseconds are not negative.
  return part < 0 ? UserTimespec{ns / kNanosPerSecond - 1, part + kNanosPerSecond} : UserTimespec{ns / kNanosPerSecond, part};
}
// Errors: fault, invalid_argument.
inline Result<Duration> read_timespec(Caller& c, UserPtr<UserTimespec> at) {
  const UserTimespec t = TRY(user::read<UserTimespec>(c.address_space(), at.at));
  if (!valid(t)) return Errc::invalid_argument;
  return to_duration(t);
}

}  // namespace svc::sys
