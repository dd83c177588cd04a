// SPDX-License-Identifier: MPL-2.0
// System calls on scheduling.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

struct UserSchedParam { i32 priority = 0; };
struct UserInterval { i64 seconds = 0, nanos = 0; };

// What a thread's scheduling is to become. The slice of one of the fair classes is 0 when it is the usual one.
struct SchedChange {
  SchedClass klass = SchedClass::fair;
  u32 priority = 0;
  i32 nice = 0;
  u32 slice_ns = 0;
  bool reset_on_fork = false;
  bool keep_params = false;
};
SchedChange unchanged(const proc::Thread& t);
// Errors: EINVAL, EPERM.
Result<Cap<proc::Thread, proc::thread::schedule>> may_change_sched(Caller& c, const Ref<proc::Thread>& t, const SchedChange& to);
Status change_sched(Caller& c, const Ref<proc::Thread>& t, const SchedChange& to);
// Policy numbers of Linux. Errors: invalid_argument.
Result<SchedClass> to_class(u32 policy);
u32 from_class(SchedClass k);
// The thread with this number, 0: the caller. Errors: no_process.
Result<Ref<proc::Thread>> sched_target(Caller& c, Pid pid);
// Calls f for each thread of a process group (0: the caller's), or of the processes of a user. Errors: no_process (there is none).
enum class Chosen : u8 { group, user };
Status each_thread_of(Caller& c, Chosen which, i32 who, FnRef<void(const Ref<proc::Thread>&)> f);

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
