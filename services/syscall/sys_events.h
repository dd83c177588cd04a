// SPDX-License-Identifier: MPL-2.0
// System calls that make pipes, event descriptors, memfds.
#pragma once
#include <services/syscall/sys_dirs.h>

namespace svc::sys {

struct UserItimerspec { i64 interval_s = 0, interval_ns = 0, value_s = 0, value_ns = 0; };
struct UserFdPair { i32 read = 0, write = 0; };

SysResult sys_pipe(Caller& c, UserPtr<UserFdPair> out);
SysResult sys_pipe2(Caller& c, UserPtr<UserFdPair> out, OpenFlags flags);
SysResult sys_eventfd(Caller& c, u32 value);
SysResult sys_eventfd2(Caller& c, u32 value, u32 flags);
SysResult sys_timerfd_create(Caller& c, u32 clock, u32 flags);
SysResult sys_timerfd_settime(Caller& c, Fd fd, u32 flags, UserPtr<UserItimerspec> value, UserPtr<UserItimerspec> old);
SysResult sys_timerfd_gettime(Caller& c, Fd fd, UserPtr<UserItimerspec> out);
SysResult sys_signalfd(Caller& c, Fd fd, UserPtr<u64> mask, u64 size);
SysResult sys_signalfd4(Caller& c, Fd fd, UserPtr<u64> mask, u64 size, u32 flags);
SysResult sys_memfd_create(Caller& c, UserString name, u32 flags);

inline constexpr Array k_events_calls{
    entry<sys_pipe>(22, "pipe", 8), entry<sys_pipe2>(293, "pipe2", 8),
    entry<sys_eventfd>(284, "eventfd", 4), entry<sys_eventfd2>(290, "eventfd2", 4),
    entry<sys_timerfd_create>(283, "timerfd_create", 4), entry<sys_timerfd_settime>(286, "timerfd_settime", 2, State::partial, "TFD_TIMER_CANCEL_ON_SET has no effect"),
    entry<sys_timerfd_gettime>(287, "timerfd_gettime", 1), entry<sys_signalfd>(282, "signalfd", 4), entry<sys_signalfd4>(289, "signalfd4", 4),
    entry<sys_memfd_create>(319, "memfd_create", 8, State::partial, "MFD_HUGETLB: EINVAL"),
};

}  // namespace svc::sys
