// SPDX-License-Identifier: MPL-2.0
// Sleeping for a time and until a time. [nanosleep(2), clock_nanosleep(2)]
#include <services/process/restart.h>
#include <services/syscall/clock_ids.h>
#include <services/syscall/sys_time.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

constexpr u32 kAbsolute = 1;  // TIMER_ABSTIME

// Interrupted, it stores what is left and goes on later until the same time. Errors: EINTR, EFAULT (left).
SysResult sleep_for(Caller& c, Duration d, UserPtr<UserTimespec> left) {
  const Instant end = proc::relative_deadline(c, d);
  if (ostd::task::sleep_until(end, Wait::interruptible).ok()) return 0;
  const Instant now = time::now();
  if (now >= end) return 0;
  if (!left.null()) TRY(user::write(c.address_space(), left.at, to_timespec((end - now).ns)));
  return proc::restart_until(c, end);
}

// The wall clock may be set while this sleeps: looks again.
SysResult sleep_until_wall(i64 wall) {
  for (i64 now = time::wall_now(); now < wall; now = time::wall_now())
    if (!ostd::task::sleep_until(time::now() + Duration{wall - now}, Wait::interruptible).ok()) return Errc::restart_no_hand;
  return 0;
}

// Until a process has used that much CPU time: looks when it could have, on all its threads at once.
SysResult sleep_cpu(const ClockRef& clock, i64 until) {
  for (i64 now = clock.now(); now < until; now = clock.now()) {
    const i64 threads = static_cast<i64>((*clock.process)->thread_count());
    const i64 wait = (until - now) / (threads > 0 ? threads : 1);
    const Duration step{wait < kTick ? kTick : wait};
    if (!ostd::task::sleep_until(time::now() + step, Wait::interruptible).ok()) return Errc::restart_no_hand;
  }
  return 0;
}

bool can_sleep(i32 id) { return id != clk::thread_cpu && id != clk::monotonic_raw && id != clk::realtime_coarse && id != clk::monotonic_coarse; }

}  // namespace

// Errors: EFAULT, EINVAL, EINTR.
SysResult sys_nanosleep(Caller& c, UserPtr<UserTimespec> wanted, UserPtr<UserTimespec> left) {
  return sleep_for(c, TRY(read_timespec(c, wanted)), left);
}

// Errors: EINVAL (clock), EOPNOTSUPP, EFAULT, EINVAL, EINTR.
SysResult sys_clock_nanosleep(Caller& c, i32 id, u32 flags, UserPtr<UserTimespec> wanted, UserPtr<UserTimespec> left) {
  const ClockRef clock = TRY(find_clock(c, id));
  if (!can_sleep(id)) return Errc::not_supported;
  const Duration d = TRY(read_timespec(c, wanted));
  const bool absolute = (flags & kAbsolute) != 0;
  if (clock.kind == ClockRef::Kind::thread) return Errc::invalid_argument;  // it would wait for itself
  if (clock.kind == ClockRef::Kind::process) return sleep_cpu(clock, absolute ? d.ns : Duration::add(clock.now(), d.ns));
  if (!absolute) return sleep_for(c, d, left);
  if (clock.kind == ClockRef::Kind::realtime) return sleep_until_wall(d.ns);
  return ostd::task::sleep_until(Instant{static_cast<u64>(d.ns)}, Wait::interruptible).ok() ? SysResult(0) : SysResult(Errc::restart_no_hand);
}

}  // namespace svc::sys
