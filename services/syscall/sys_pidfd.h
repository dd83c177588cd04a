// SPDX-License-Identifier: MPL-2.0
// System calls on other processes: by descriptors, and their memory.
#pragma once
#include <services/process/pid_fd.h>
#include <services/syscall/sys_files.h>

namespace svc::sys {

SysResult sys_pidfd_open(Caller& c, Pid pid, u32 flags);
SysResult sys_pidfd_send_signal(Caller& c, Fd fd, Signo s, UserPtr<proc::RawSigInfo> info, u32 flags);  // sys_kill.cpp
SysResult sys_pidfd_getfd(Caller& c, Fd fd, Fd theirs, u32 flags);
SysResult sys_process_vm_readv(Caller& c, Pid pid, UserPtr<UserIovec> local, u64 local_count, UserPtr<UserIovec> remote, u64 remote_count, u64 flags);
SysResult sys_process_vm_writev(Caller& c, Pid pid, UserPtr<UserIovec> local, u64 local_count, UserPtr<UserIovec> remote, u64 remote_count, u64 flags);

// Errors: bad_descriptor, also for other kinds of files.
Result<Ref<proc::PidFd>> pid_fd_arg(Caller& c, Fd fd);

inline constexpr Array k_pidfd_calls{
    entry<sys_pidfd_open>(434, "pidfd_open", 4),
    entry<sys_pidfd_send_signal>(424, "pidfd_send_signal", 2, State::partial, "folders of /proc as descriptors: EBADF"),
    entry<sys_pidfd_getfd>(438, "pidfd_getfd", 4),
    entry<sys_process_vm_readv>(310, "process_vm_readv", 12),
    entry<sys_process_vm_writev>(311, "process_vm_writev", 12),
};

}  // namespace svc::sys
