// SPDX-License-Identifier: MPL-2.0
// System calls on descriptors: dup, fcntl, flock.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

SysResult sys_dup(Caller& c, Fd fd);
SysResult sys_dup2(Caller& c, Fd from, Fd to);
SysResult sys_dup3(Caller& c, Fd from, Fd to, u32 flags);
SysResult sys_flock(Caller& c, Fd fd, u32 operation);
SysResult sys_fcntl(Caller& c, Fd fd, u32 command, u64 argument);

// fcntl's record locks (sys_locks.cpp). open_file: F_OFD_*.
struct RecordLock {
  enum class Action : u8 { test, set, set_waiting } action = Action::test;
  bool open_file = false;
};
SysResult record_lock(Caller& c, Fd fd, const DynCap<fs::File>& f, RecordLock what, VirtAddr argument);

inline constexpr Array k_fdctl_calls{
    entry<sys_dup>(32, "dup", 4),
    entry<sys_dup2>(33, "dup2", 4),
    entry<sys_dup3>(292, "dup3", 4),
    entry<sys_fcntl>(72, "fcntl", 4, State::partial, "F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY, seals of other files than memfd: EINVAL").waiting(),
    entry<sys_flock>(73, "flock", 4).waiting(),
};

}  // namespace svc::sys
