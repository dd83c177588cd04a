// SPDX-License-Identifier: MPL-2.0
// System calls on scheduling attributes and priorities of input and output.
#pragma once
#include <services/syscall/sys_sched.h>

namespace svc::sys {

struct UserSchedAttr {  // struct sched_attr as it was at first
  u32 size = 0, policy = 0;
  u64 flags = 0;
  i32 nice = 0;
  u32 priority = 0;
  u64 runtime = 0, deadline = 0, period = 0;
};

SysResult sys_sched_setattr(Caller& c, Pid pid, UserPtr<UserSchedAttr> attr, u32 flags);
SysResult sys_sched_getattr(Caller& c, Pid pid, UserPtr<UserSchedAttr> attr, u32 size, u32 flags);
SysResult sys_ioprio_set(Caller& c, u32 which, i32 who, u32 priority);
SysResult sys_ioprio_get(Caller& c, u32 which, i32 who);

inline constexpr Array k_priority_calls{
    entry<sys_sched_setattr>(314, "sched_setattr", 0, State::partial, "SCHED_DEADLINE is never admitted: EBUSY"),
    entry<sys_sched_getattr>(315, "sched_getattr", 0),
    entry<sys_ioprio_set>(251, "ioprio_set", 4),
    entry<sys_ioprio_get>(252, "ioprio_get", 4),
};

}  // namespace svc::sys
