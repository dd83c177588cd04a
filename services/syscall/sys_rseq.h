// SPDX-License-Identifier: MPL-2.0
// System calls on what threads know of CPUs: rseq, membarrier, getcpu.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

SysResult sys_rseq(Caller& c, VirtAddr area, u32 length, u32 flags, u32 signature);
SysResult sys_membarrier(Caller& c, u32 command, u32 flags, i32 cpu);
SysResult sys_getcpu(Caller& c, UserPtr<u32> cpu, UserPtr<u32> node);

inline constexpr Array k_rseq_calls{
    entry<sys_rseq>(334, "rseq", 0),
    entry<sys_membarrier>(324, "membarrier", 0),
    entry<sys_getcpu>(309, "getcpu", 0),
};

}  // namespace svc::sys
