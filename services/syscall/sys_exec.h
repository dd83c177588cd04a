// SPDX-License-Identifier: MPL-2.0
// execve, execveat.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

SysResult sys_execve(Caller& c, UserPath path, UserStrings argv, UserStrings envp);
SysResult sys_execveat(Caller& c, DirFd dir, UserPath path, UserStrings argv, UserStrings envp, u32 flags);

inline constexpr Array k_exec_calls{
    entry<sys_execve>(59, "execve", 64),
    entry<sys_execveat>(322, "execveat", 64),
};

}  // namespace svc::sys
