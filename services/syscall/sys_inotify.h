// SPDX-License-Identifier: MPL-2.0
// System calls on watches of files.
#pragma once
#include <services/syscall/sys_files.h>

namespace svc::sys {

SysResult sys_inotify_init(Caller& c);
SysResult sys_inotify_init1(Caller& c, u32 flags);
SysResult sys_inotify_add_watch(Caller& c, Fd fd, UserPath path, u32 mask);
SysResult sys_inotify_rm_watch(Caller& c, Fd fd, i32 wd);

inline constexpr Array k_inotify_calls{
    entry<sys_inotify_init>(253, "inotify_init", 6), entry<sys_inotify_init1>(294, "inotify_init1", 6),
    entry<sys_inotify_add_watch>(254, "inotify_add_watch", 8), entry<sys_inotify_rm_watch>(255, "inotify_rm_watch", 4),
};

}  // namespace svc::sys
