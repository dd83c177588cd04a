// SPDX-License-Identifier: MPL-2.0
// System calls on memory mappings.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

struct ProtNames {
  static std::span<const FlagName> names();
  static constexpr StaticStr zero() { return "PROT_NONE"; }
};
struct MapNames {
  static std::span<const FlagName> names();
  static constexpr StaticStr zero() { return "0"; }
};

SysResult sys_mmap(Caller& c, VirtAddr at, u64 length, Flags<ProtNames> prot, Flags<MapNames> flags, Fd fd, u64 offset);
SysResult sys_munmap(Caller& c, VirtAddr at, u64 length);
SysResult sys_mprotect(Caller& c, VirtAddr at, u64 length, Flags<ProtNames> prot);
SysResult sys_mremap(Caller& c, VirtAddr at, u64 old_length, u64 new_length, u32 flags, VirtAddr new_at);
SysResult sys_brk(Caller& c, VirtAddr at);
SysResult sys_madvise(Caller& c, VirtAddr at, u64 length, u32 advice);
SysResult sys_msync(Caller& c, VirtAddr at, u64 length, u32 flags);
SysResult sys_mincore(Caller& c, VirtAddr at, u64 length, UserBuffer out);
SysResult sys_mlock(Caller& c, VirtAddr at, u64 length);
SysResult sys_munlock(Caller& c, VirtAddr at, u64 length);
SysResult sys_mlock2(Caller& c, VirtAddr at, u64 length, u32 flags);
SysResult sys_mseal(Caller& c, VirtAddr at, u64 length, u64 flags);
SysResult sys_mlockall(Caller& c, u32 flags);
SysResult sys_munlockall(Caller& c);

inline constexpr Array k_memory_calls{
    entry<sys_mmap>(9, "mmap", 8, State::partial, "MAP_HUGETLB, MAP_SYNC: EINVAL"),
    entry<sys_munmap>(11, "munmap", 8),
    entry<sys_mprotect>(10, "mprotect", 8),
    entry<sys_mremap>(25, "mremap", 8),
    entry<sys_brk>(12, "brk", 8).never_fails("refused, it answers the old end"),
    entry<sys_madvise>(28, "madvise", 8, State::partial, "MADV_REMOVE, MADV_COLLAPSE, MADV_HWPOISON ...: EINVAL or EOPNOTSUPP"),
    entry<sys_msync>(26, "msync", 4),
    entry<sys_mincore>(27, "mincore", 4),
    entry<sys_mlock>(149, "mlock", 4),
    entry<sys_munlock>(150, "munlock", 4),
    entry<sys_mlock2>(325, "mlock2", 4),
    entry<sys_mseal>(462, "mseal", 8),
    entry<sys_mlockall>(151, "mlockall", 8),
    entry<sys_munlockall>(152, "munlockall", 4).never_fails("what is not locked is passed over"),
};

}  // namespace svc::sys
