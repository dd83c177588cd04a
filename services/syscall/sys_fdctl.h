// SPDX-License-Identifier: MPL-2.0
// System calls on descriptors: dup, fcntl, flock.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

SysResult sys_dup(Caller& c, Fd fd);
SysResult sys_dup2(Caller& c, Fd from, Fd to);
SysResult sys_dup3(Caller& c, Fd from, Fd to, u32 flags);
SysResult sys_fcntl(Caller& c, Fd fd, u32 command, u64 argument);

inline constexpr Array k_fdctl_calls{
    entry<sys_dup>(32, "dup", 4),
    entry<sys_dup2>(33, "dup2", 4),
    entry<sys_dup3>(292, "dup3", 4),
    entry<sys_fcntl>(72, "fcntl", 4, State::partial, "locks, leases, F_NOTIFY, F_SETSIG, seals of other files than memfd: EINVAL"),
};

}  // namespace svc::sys
