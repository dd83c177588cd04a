// SPDX-License-Identifier: MPL-2.0
// kcmp(2).
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

SysResult sys_kcmp(Caller& c, Pid first, Pid second, u32 type, u64 first_index, u64 second_index);

inline constexpr Array k_kcmp_calls{
    entry<sys_kcmp>(312, "kcmp", 0, State::partial, "KCMP_SYSVSEM: nobody has undo lists, so all are equal; KCMP_IO: CLONE_IO shares nothing"),
};

}  // namespace svc::sys
