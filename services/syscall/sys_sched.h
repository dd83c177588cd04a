// SPDX-License-Identifier: MPL-2.0
// System calls on scheduling.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

struct UserSchedParam { i32 priority = 0; };
struct UserInterval { i64 seconds = 0, nanos = 0; };

SysResult sys_sched_yield(Caller& c);
SysResult sys_getpriority(Caller& c, u32 which, i32 who);
SysResult sys_setpriority(Caller& c, u32 which, i32 who, i32 nice);
SysResult sys_sched_getaffinity(Caller& c, Pid pid, u32 size, UserBuffer mask);
SysResult sys_sched_setaffinity(Caller& c, Pid pid, u32 size, UserBuffer mask);
SysResult sys_sched_getscheduler(Caller& c, Pid pid);
SysResult sys_sched_setscheduler(Caller& c, Pid pid, u32 policy, UserPtr<UserSchedParam> param);
SysResult sys_sched_getparam(Caller& c, Pid pid, UserPtr<UserSchedParam> param);
SysResult sys_sched_setparam(Caller& c, Pid pid, UserPtr<UserSchedParam> param);
SysResult sys_sched_get_priority_max(Caller& c, u32 policy);
SysResult sys_sched_get_priority_min(Caller& c, u32 policy);
SysResult sys_sched_rr_get_interval(Caller& c, Pid pid, UserPtr<UserInterval> out);

inline constexpr Array k_sched_calls{
    entry<sys_sched_yield>(24, "sched_yield", 0).never_fails("giving way is never refused"), entry<sys_getpriority>(140, "getpriority", 4),
    entry<sys_setpriority>(141, "setpriority", 4), entry<sys_sched_getaffinity>(204, "sched_getaffinity", 0),
    entry<sys_sched_setaffinity>(203, "sched_setaffinity", 0), entry<sys_sched_getscheduler>(145, "sched_getscheduler", 0),
    entry<sys_sched_setscheduler>(144, "sched_setscheduler", 0), entry<sys_sched_getparam>(143, "sched_getparam", 0),
    entry<sys_sched_setparam>(142, "sched_setparam", 0), entry<sys_sched_get_priority_max>(146, "sched_get_priority_max", 0),
    entry<sys_sched_get_priority_min>(147, "sched_get_priority_min", 0), entry<sys_sched_rr_get_interval>(148, "sched_rr_get_interval", 0),
};

}  // namespace svc::sys
