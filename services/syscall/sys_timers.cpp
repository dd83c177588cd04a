// SPDX-License-Identifier: MPL-2.0
// Interval timers and POSIX timers. [getitimer(2), alarm(2), timer_create(2), timer_settime(2), timer_getoverrun(2)]
#include <services/syscall/clock_ids.h>
#include <services/syscall/sys_time.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

using proc::IntervalTimer;
using proc::PosixTimer;
using proc::TimerRequest;
using proc::TimerValue;

Result<IntervalTimer> interval_timer(i32 which) {
  if (which < 0 || which > 2) return Errc::invalid_argument;
  return which == 0 ? IntervalTimer::real : which == 1 ? IntervalTimer::virtual_ : IntervalTimer::prof;
}

bool valid_part(i64 seconds, i64 micros) { return seconds >= 0 && micros >= 0 && micros < 1'000'000; }

UserItimerval to_user(const TimerValue& v) {
  const UserTimespec i = to_timespec(v.interval.ns);
  // A timer that runs never shows zero.
  const UserTimespec l = to_timespec(v.left.ns > 0 && v.left.ns < 1000 ? 1000 : v.left.ns);
  return {i.seconds, i.nanos / 1000, l.seconds, l.nanos / 1000};
}

UserItimerspec to_spec(const TimerValue& v) {
  const UserTimespec i = to_timespec(v.interval.ns), l = to_timespec(v.left.ns);
  return {i.seconds, i.nanos, l.seconds, l.nanos};
}

Result<Ref<PosixTimer>> find_timer(Caller& c, i32 id) {
  const Opt<Ref<proc::ProcessTimers>> all = c.self().timers();
  Opt<Ref<PosixTimer>> t = all ? (*all)->find(id) : none;
  if (!t) return Errc::invalid_argument;
  return *t;
}

// Errors: EINVAL (no such clock), EOPNOTSUPP (one without timers).
Result<TimerRequest> request_for(Caller& c, i32 id) {
  TimerRequest r{};
  const ClockRef clock = TRY(find_clock(c, id));
  if (id == clk::monotonic_raw || id == clk::realtime_coarse || id == clk::monotonic_coarse || id == clk::realtime_alarm || id == clk::boottime_alarm)
    return Errc::not_supported;
  switch (clock.kind) {
    case ClockRef::Kind::realtime: r.clock = proc::TimerClock::realtime; break;
    case ClockRef::Kind::process:
      // The time of another process would have to be watched by its threads.
      if (!(*clock.process).same(c.process())) return Errc::not_supported;
      r.clock = clock.user_only ? proc::TimerClock::process_user : proc::TimerClock::process_cpu;
      break;
    case ClockRef::Kind::thread:
      r.clock = clock.user_only ? proc::TimerClock::thread_user : proc::TimerClock::thread_cpu;
      r.measured = Weak<proc::Thread>(*clock.thread);
      break;
    default: r.clock = proc::TimerClock::monotonic; break;
  }
  return r;
}

// Errors: EINVAL (kind of notification, signal, thread of another process).
Status add_event(Caller& c, const UserSigevent& e, TimerRequest& r) {
  constexpr i32 signal = 0, nothing = 1, thread = 2, thread_id = 4;  // SIGEV_*
  if (e.notify != signal && e.notify != nothing && e.notify != thread && e.notify != thread_id) return Errc::invalid_argument;
  r.value = e.value;
  r.event = e.notify == nothing ? proc::TimerEvent::none : e.notify == thread_id ? proc::TimerEvent::thread : proc::TimerEvent::process;
  if (r.event == proc::TimerEvent::none) return Ok();
  if (r.event == proc::TimerEvent::thread) {
    const Opt<Ref<proc::Thread>> t = c.system().tree().thread(Pid{e.tid});
    if (!t || !(*t)->process().same(c.process())) return Errc::invalid_argument;
    r.to = Weak<proc::Thread>(*t);
  }
  if (e.signo <= 0 || e.signo > static_cast<i32>(proc::sig::count)) return Errc::invalid_argument;
  r.signo = {static_cast<u32>(e.signo)};
  return Ok();
}

}  // namespace

// Errors: EINVAL, EFAULT.
SysResult sys_getitimer(Caller& c, i32 which, UserPtr<UserItimerval> to) {
  const IntervalTimer t = TRY(interval_timer(which));
  const Opt<Ref<proc::ProcessTimers>> timers = c.self().timers();
  const TimerValue v = timers ? (*timers)->value(c.self(), t) : TimerValue{};
  TRY(user::write(c.address_space(), to.at, to_user(v)));
  return 0;
}
// No value disarms, as Linux has it. Errors: EFAULT, EINVAL (time), EINVAL (timer), EFAULT (old).
SysResult sys_setitimer(Caller& c, i32 which, UserPtr<UserItimerval> value, UserPtr<UserItimerval> old) {
  UserItimerval u{};
  if (!value.null()) {
    u = TRY(user::read<UserItimerval>(c.address_space(), value.at));
    if (!valid_part(u.interval_s, u.interval_us) || !valid_part(u.value_s, u.value_us)) return Errc::invalid_argument;
  }
  const IntervalTimer t = TRY(interval_timer(which));
  const TimerValue v{Duration::seconds(u.value_s) + Duration::micros(u.value_us), Duration::seconds(u.interval_s) + Duration::micros(u.interval_us)};
  const TimerValue before = c.self().make_timers()->set(c.self(), t, v);
  if (!old.null()) TRY(user::write(c.address_space(), old.at, to_user(before)));
  return 0;
}
// The seconds that were left, rounded, but never 0 when a timer was running.
SysResult sys_alarm(Caller& c, u32 seconds) {
  const TimerValue before = c.self().make_timers()->set(c.self(), IntervalTimer::real, {Duration::seconds(seconds), {}});
  const UserTimespec left = to_timespec(before.left.ns);
  const bool up = left.nanos >= kNanosPerSecond / 2 || (left.seconds == 0 && left.nanos != 0);
  return left.seconds + (up ? 1 : 0);
}

// Errors: EFAULT, EINVAL (clock), EOPNOTSUPP, EINVAL (event), EAGAIN, EFAULT (id).
SysResult sys_timer_create(Caller& c, i32 clock, UserPtr<UserSigevent> event, UserPtr<i32> id) {
  UserSigevent e{};
  if (!event.null()) e = TRY(user::read<UserSigevent>(c.address_space(), event.at));
  TimerRequest r = TRY(request_for(c, clock));
  if (event.null()) r.signo = proc::sig::alrm;
  else TRY(add_event(c, e, r));
  const Ref<proc::ProcessTimers> timers = c.self().make_timers();
  const i32 made = TRY(timers->create(c.self(), std::move(r)));
  const Status stored = user::write(c.address_space(), id.at, made);
  if (!stored.ok()) {
    static_cast<void>(timers->remove(c.self(), made));
    return stored.error();
  }
  return 0;
}
// Errors: EINVAL (no value), EFAULT, EINVAL (time), EINVAL (id), EFAULT (old).
SysResult sys_timer_settime(Caller& c, i32 id, u32 flags, UserPtr<UserItimerspec> value, UserPtr<UserItimerspec> old) {
  if (value.null()) return Errc::invalid_argument;
  const UserItimerspec u = TRY(user::read<UserItimerspec>(c.address_space(), value.at));
  const UserTimespec interval{u.interval_s, u.interval_ns}, first{u.value_s, u.value_ns};
  if (!valid(interval) || !valid(first)) return Errc::invalid_argument;
  const Ref<PosixTimer> t = TRY(find_timer(c, id));
  const TimerValue before =
      t->set(c.self(), (flags & 1) != 0 ? proc::Expiry::absolute : proc::Expiry::relative, to_duration(first), to_duration(interval));
  if (t->on_cpu_time()) c.self().make_timers()->watch_cpu(c.self());
  if (!old.null()) TRY(user::write(c.address_space(), old.at, to_spec(before)));
  return 0;
}
// Errors: EINVAL, EFAULT.
SysResult sys_timer_gettime(Caller& c, i32 id, UserPtr<UserItimerspec> to) {
  const Ref<PosixTimer> t = TRY(find_timer(c, id));
  TRY(user::write(c.address_space(), to.at, to_spec(t->value(c.self()))));
  return 0;
}
SysResult sys_timer_getoverrun(Caller& c, i32 id) {
  const Ref<PosixTimer> t = TRY(find_timer(c, id));
  const i64 n = t->overrun();
  return n > INT32_MAX ? INT32_MAX : n;
}
SysResult sys_timer_delete(Caller& c, i32 id) {
  static_cast<void>(TRY(find_timer(c, id)));
  return c.self().make_timers()->remove(c.self(), id) ? SysResult(0) : SysResult(Errc::invalid_argument);
}

}  // namespace svc::sys
