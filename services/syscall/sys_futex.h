// SPDX-License-Identifier: MPL-2.0
// System calls on futexes.
#pragma once
#include <services/syscall/entry.h>
#include <services/syscall/sys_dirs.h>

namespace svc::sys {

struct FutexOpNames {
  static std::span<const FlagName> names();
  static constexpr StaticStr zero() { return "FUTEX_WAIT"; }
};

struct UserFutexWait { u64 value = 0, at = 0; u32 flags = 0, reserved = 0; };  // struct futex_waitv

SysResult sys_futex(Caller& c, VirtAddr word, Flags<FutexOpNames> op, u32 value, UserPtr<UserTimespec> timeout, VirtAddr word2, u32 value3);
SysResult sys_futex_wake(Caller& c, VirtAddr word, u64 mask, i32 n, u32 flags);
SysResult sys_futex_wait(Caller& c, VirtAddr word, u64 value, u64 mask, u32 flags, UserPtr<UserTimespec> timeout, i32 clock);
SysResult sys_futex_requeue(Caller& c, UserPtr<UserFutexWait> words, u32 flags, i32 wake, i32 move);
SysResult sys_futex_waitv(Caller& c, UserPtr<UserFutexWait> words, u32 count, u32 flags, UserPtr<UserTimespec> timeout, i32 clock);
SysResult sys_set_robust_list(Caller& c, VirtAddr head, u64 size);
SysResult sys_get_robust_list(Caller& c, Pid tid, UserPtr<u64> head, UserPtr<u64> size);

inline constexpr Array k_futex_calls{
    entry<sys_futex>(202, "futex", 1, State::partial, "FUTEX_*_PI: ENOSYS").waiting(),
    entry<sys_futex_wake>(454, "futex_wake", 1),
    entry<sys_futex_wait>(455, "futex_wait", 1).waiting(),
    entry<sys_futex_requeue>(456, "futex_requeue", 1),
    entry<sys_futex_waitv>(449, "futex_waitv", 16).waiting(),
    entry<sys_set_robust_list>(273, "set_robust_list", 0),
    entry<sys_get_robust_list>(274, "get_robust_list", 0),
};

}  // namespace svc::sys
