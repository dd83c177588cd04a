// SPDX-License-Identifier: MPL-2.0
// System calls on files that came later than those in sys_files.h: openat2, hints, splicing memory.
#pragma once
#include <services/syscall/sys_files.h>

namespace svc::sys {

struct UserOpenHow { u64 flags = 0, mode = 0, resolve = 0; };
struct UserCacheRange { u64 offset = 0, length = 0; };
struct UserCacheStat { u64 cached = 0, dirty = 0, writeback = 0, evicted = 0, recently_evicted = 0; };

SysResult sys_openat2(Caller& c, DirFd dir, UserPath path, UserPtr<UserOpenHow> how, u64 size);
SysResult sys_sync_file_range(Caller& c, Fd fd, i64 offset, i64 length, u32 flags);
SysResult sys_readahead(Caller& c, Fd fd, i64 offset, u64 count);
SysResult sys_cachestat(Caller& c, Fd fd, UserPtr<UserCacheRange> range, UserPtr<UserCacheStat> out, u32 flags);
SysResult sys_vmsplice(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, u32 flags);
SysResult sys_getdents(Caller& c, Fd fd, UserBuffer to, u32 size);

inline constexpr Array k_more_files_calls{
    entry<sys_openat2>(437, "openat2", 8).waiting(), entry<sys_sync_file_range>(277, "sync_file_range", 0), entry<sys_readahead>(187, "readahead", 0),
    entry<sys_cachestat>(451, "cachestat", 1), entry<sys_vmsplice>(278, "vmsplice", 6).waiting(), entry<sys_getdents>(78, "getdents", 16),
};

}  // namespace svc::sys
