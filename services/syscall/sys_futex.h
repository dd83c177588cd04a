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

SysResult sys_futex(Caller& c, VirtAddr word, Flags<FutexOpNames> op, u32 value, UserPtr<UserTimespec> timeout, VirtAddr word2, u32 value3);
SysResult sys_set_robust_list(Caller& c, VirtAddr head, u64 size);
SysResult sys_get_robust_list(Caller& c, Pid tid, UserPtr<u64> head, UserPtr<u64> size);

inline constexpr Array k_futex_calls{
    entry<sys_futex>(202, "futex", 1, State::partial, "FUTEX_*_PI: ENOSYS").waiting(),
    entry<sys_set_robust_list>(273, "set_robust_list", 0),
    entry<sys_get_robust_list>(274, "get_robust_list", 0),
};

}  // namespace svc::sys
