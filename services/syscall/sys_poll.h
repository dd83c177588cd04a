// SPDX-License-Identifier: MPL-2.0
// System calls that wait for descriptors: poll, select, epoll.
#pragma once
#include <services/syscall/sys_dirs.h>

namespace svc::sys {

struct UserPollfd { i32 fd = 0; u16 events = 0, revents = 0; };
struct UserSigArg { u64 mask = 0, size = 0; };
struct UserEpollEvent { u32 events = 0, low = 0, high = 0; };
static_assert(sizeof(UserEpollEvent) == 12);

SysResult sys_poll(Caller& c, UserPtr<UserPollfd> fds, u32 count, i32 timeout_ms);
SysResult sys_ppoll(Caller& c, UserPtr<UserPollfd> fds, u32 count, UserPtr<UserTimespec> timeout, UserPtr<u64> mask, u64 mask_size);
SysResult sys_select(Caller& c, i32 n, UserPtr<u64> in, UserPtr<u64> out, UserPtr<u64> ex, UserPtr<UserTimeval> timeout);
SysResult sys_pselect6(Caller& c, i32 n, UserPtr<u64> in, UserPtr<u64> out, UserPtr<u64> ex, UserPtr<UserTimespec> timeout, UserPtr<UserSigArg> sig);
SysResult sys_epoll_create(Caller& c, i32 size);
SysResult sys_epoll_create1(Caller& c, u32 flags);
SysResult sys_epoll_ctl(Caller& c, Fd epoll, u32 op, Fd fd, UserPtr<UserEpollEvent> event);
SysResult sys_epoll_wait(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, i32 timeout_ms);
SysResult sys_epoll_pwait(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, i32 timeout_ms, UserPtr<u64> mask, u64 mask_size);
SysResult sys_epoll_pwait2(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, UserPtr<UserTimespec> timeout, UserPtr<u64> mask, u64 mask_size);

inline constexpr Array k_poll_calls{
    entry<sys_poll>(7, "poll", 8).waiting(), entry<sys_ppoll>(271, "ppoll", 8).waiting(), entry<sys_select>(23, "select", 8).waiting(),
    entry<sys_pselect6>(270, "pselect6", 8).waiting(), entry<sys_epoll_create>(213, "epoll_create", 4),
    entry<sys_epoll_create1>(291, "epoll_create1", 4),
    entry<sys_epoll_ctl>(233, "epoll_ctl", 4, State::partial, "EPOLLEXCLUSIVE wakes all"),
    entry<sys_epoll_wait>(232, "epoll_wait", 8).waiting(), entry<sys_epoll_pwait>(281, "epoll_pwait", 8).waiting(),
    entry<sys_epoll_pwait2>(441, "epoll_pwait2", 8).waiting(),
};

}  // namespace svc::sys
