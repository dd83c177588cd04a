// SPDX-License-Identifier: MPL-2.0
// System calls on time: clocks, sleeping, timers.
#pragma once
#include <services/syscall/entry.h>
#include <services/syscall/sys_dirs.h>
#include <services/syscall/sys_events.h>

namespace svc::sys {

struct UserItimerval { i64 interval_s = 0, interval_us = 0, value_s = 0, value_us = 0; };
struct UserTms { i64 user = 0, system = 0, children_user = 0, children_system = 0; };
struct UserTimezone { i32 minutes_west = 0, dst = 0; };
struct UserTimex { Array<u64, 26> w{}; };
struct UserSigevent {
  u64 value = 0;
  i32 signo = 0, notify = 0, tid = 0;
  Array<i32, 11> pad{};
};
static_assert(sizeof(UserSigevent) == 64 && sizeof(UserTimex) == 208);


// ---- sys_time.cpp: clocks ----
SysResult sys_clock_gettime(Caller& c, i32 id, UserPtr<UserTimespec> to);
SysResult sys_clock_getres(Caller& c, i32 id, UserPtr<UserTimespec> to);
SysResult sys_clock_settime(Caller& c, i32 id, UserPtr<UserTimespec> t);
SysResult sys_gettimeofday(Caller& c, UserPtr<UserTimeval> t, UserPtr<UserTimezone> zone);
SysResult sys_settimeofday(Caller& c, UserPtr<UserTimeval> t, UserPtr<UserTimezone> zone);
SysResult sys_time(Caller& c, UserPtr<i64> to);
SysResult sys_times(Caller& c, UserPtr<UserTms> to);
SysResult sys_adjtimex(Caller& c, UserPtr<UserTimex> t);
SysResult sys_clock_adjtime(Caller& c, i32 id, UserPtr<UserTimex> t);
// ---- sys_sleep.cpp ----
SysResult sys_nanosleep(Caller& c, UserPtr<UserTimespec> wanted, UserPtr<UserTimespec> left);
SysResult sys_clock_nanosleep(Caller& c, i32 id, u32 flags, UserPtr<UserTimespec> wanted, UserPtr<UserTimespec> left);
// ---- sys_timers.cpp ----
SysResult sys_getitimer(Caller& c, i32 which, UserPtr<UserItimerval> to);
SysResult sys_setitimer(Caller& c, i32 which, UserPtr<UserItimerval> value, UserPtr<UserItimerval> old);
SysResult sys_alarm(Caller& c, u32 seconds);
SysResult sys_timer_create(Caller& c, i32 clock, UserPtr<UserSigevent> event, UserPtr<i32> id);
SysResult sys_timer_settime(Caller& c, i32 id, u32 flags, UserPtr<UserItimerspec> value, UserPtr<UserItimerspec> old);
SysResult sys_timer_gettime(Caller& c, i32 id, UserPtr<UserItimerspec> to);
SysResult sys_timer_getoverrun(Caller& c, i32 id);
SysResult sys_timer_delete(Caller& c, i32 id);

inline constexpr Array k_time_calls{
    entry<sys_clock_gettime>(228, "clock_gettime", 0),
    entry<sys_clock_getres>(229, "clock_getres", 0),
    entry<sys_clock_settime>(227, "clock_settime", 0, State::partial, "sleepers until a time of day are not woken early"),
    entry<sys_gettimeofday>(96, "gettimeofday", 0),
    entry<sys_settimeofday>(164, "settimeofday", 0, State::partial, "the time zone is checked and not kept"),
    entry<sys_time>(201, "time", 0),
    entry<sys_times>(100, "times", 1),
    entry<sys_adjtimex>(159, "adjtimex", 0, State::partial, "reading only: EOPNOTSUPP"),
    entry<sys_clock_adjtime>(305, "clock_adjtime", 0, State::partial, "reading only: EOPNOTSUPP"),
    entry<sys_nanosleep>(35, "nanosleep", 0).waiting(),
    entry<sys_clock_nanosleep>(230, "clock_nanosleep", 0).waiting(),
    entry<sys_getitimer>(36, "getitimer", 1),
    entry<sys_setitimer>(38, "setitimer", 1),
    entry<sys_alarm>(37, "alarm", 1).never_fails("a second count of any size is taken"),
    entry<sys_timer_create>(222, "timer_create", 2, State::partial, "CLOCK_*_ALARM: EOPNOTSUPP, as without a clock chip"),
    entry<sys_timer_settime>(223, "timer_settime", 1),
    entry<sys_timer_gettime>(224, "timer_gettime", 1),
    entry<sys_timer_getoverrun>(225, "timer_getoverrun", 0),
    entry<sys_timer_delete>(226, "timer_delete", 0),
};

}  // namespace svc::sys
