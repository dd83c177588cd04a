// SPDX-License-Identifier: MPL-2.0
// ptrace(2).
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

SysResult sys_ptrace(Caller& c, u64 request, Pid pid, VirtAddr addr, u64 data);

inline constexpr Array k_ptrace_calls{
    entry<sys_ptrace>(101, "ptrace", 8, State::partial, "PTRACE_SECCOMP_GET_*, PTRACE_*_SYSCALL_USER_DISPATCH_CONFIG, PTRACE_GET_THREAD_AREA, selectors not of 64-bit programs: EIO; breakpoint registers: ENOSPC"),
};

}  // namespace svc::sys
