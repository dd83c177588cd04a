// SPDX-License-Identifier: MPL-2.0
// System calls on processes: create, end, wait, ids, groups, sessions.
#pragma once
#include <services/process/clone.h>
#include <services/syscall/entry.h>

namespace svc::sys {

struct CloneFlagNames {
  static std::span<const FlagName> names();
  static constexpr StaticStr zero() { return "0"; }
};
struct CloneStruct { u64 flags = 0, pidfd = 0, child_tid = 0, parent_tid = 0, exit_signal = 0, stack = 0, stack_size = 0, tls = 0; };
struct UserRusage { Array<i64, 18> v{}; };

SysResult sys_getpid(Caller& c);
SysResult sys_gettid(Caller& c);
SysResult sys_getppid(Caller& c);
SysResult sys_fork(Caller& c);
SysResult sys_vfork(Caller& c);
SysResult sys_clone(Caller& c, Flags<CloneFlagNames, u64> flags, VirtAddr stack, UserPtr<i32> parent_tid, UserPtr<i32> child_tid, VirtAddr tls);
SysResult sys_clone3(Caller& c, UserPtr<CloneStruct> args, u64 size);
SysResult sys_exit(Caller& c, i32 code);
SysResult sys_exit_group(Caller& c, i32 code);
SysResult sys_wait4(Caller& c, Pid pid, UserPtr<i32> status, u32 options, UserPtr<UserRusage> usage);
SysResult sys_waitid(Caller& c, u32 type, Pid id, UserPtr<proc::RawSigInfo> info, u32 options, UserPtr<UserRusage> usage);
SysResult sys_set_tid_address(Caller& c, UserPtr<i32> at);
SysResult sys_getpgid(Caller& c, Pid pid);
SysResult sys_getpgrp(Caller& c);
SysResult sys_setpgid(Caller& c, Pid pid, Pid pgid);
SysResult sys_getsid(Caller& c, Pid pid);
SysResult sys_setsid(Caller& c);
SysResult sys_getrusage(Caller& c, i32 who, UserPtr<UserRusage> usage);

inline constexpr Array k_process_calls{
    entry<sys_getpid>(39, "getpid", 0).never_fails("it has no arguments"),
    entry<sys_gettid>(186, "gettid", 0).never_fails("it has no arguments"),
    entry<sys_getppid>(110, "getppid", 0).never_fails("it has no arguments"),
    entry<sys_fork>(57, "fork", 64),
    entry<sys_vfork>(58, "vfork", 32),
    entry<sys_clone>(56, "clone", 64, State::partial, "namespace flags: EINVAL"),
    entry<sys_clone3>(435, "clone3", 64, State::partial, "namespace flags, CLONE_INTO_CGROUP, set_tid: EINVAL"),
    entry<sys_exit>(60, "exit", 0).never_fails("it does not return"),
    entry<sys_exit_group>(231, "exit_group", 0).never_fails("it does not return"),
    entry<sys_wait4>(61, "wait4", 1).waiting(),
    entry<sys_waitid>(247, "waitid", 1).waiting(),
    entry<sys_set_tid_address>(218, "set_tid_address", 0).never_fails("the address is not looked at"),
    entry<sys_getpgid>(121, "getpgid", 0),
    entry<sys_getpgrp>(111, "getpgrp", 0).never_fails("it has no arguments"),
    entry<sys_setpgid>(109, "setpgid", 1),
    entry<sys_getsid>(124, "getsid", 0),
    entry<sys_setsid>(112, "setsid", 1),
    entry<sys_getrusage>(98, "getrusage", 0),
};

UserRusage to_user(const proc::Usage& u);

}  // namespace svc::sys
