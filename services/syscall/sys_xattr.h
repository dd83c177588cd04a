// SPDX-License-Identifier: MPL-2.0
// System calls on extended attributes.
#pragma once
#include <services/syscall/sys_files.h>

namespace svc::sys {

SysResult sys_setxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size, u32 flags);
SysResult sys_lsetxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size, u32 flags);
SysResult sys_fsetxattr(Caller& c, Fd fd, UserString name, UserBuffer value, u64 size, u32 flags);
SysResult sys_getxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size);
SysResult sys_lgetxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size);
SysResult sys_fgetxattr(Caller& c, Fd fd, UserString name, UserBuffer value, u64 size);
SysResult sys_listxattr(Caller& c, UserPath path, UserBuffer list, u64 size);
SysResult sys_llistxattr(Caller& c, UserPath path, UserBuffer list, u64 size);
SysResult sys_flistxattr(Caller& c, Fd fd, UserBuffer list, u64 size);
SysResult sys_removexattr(Caller& c, UserPath path, UserString name);
SysResult sys_lremovexattr(Caller& c, UserPath path, UserString name);
SysResult sys_fremovexattr(Caller& c, Fd fd, UserString name);

inline constexpr Array k_xattr_calls{
    entry<sys_setxattr>(188, "setxattr", 8), entry<sys_lsetxattr>(189, "lsetxattr", 8), entry<sys_fsetxattr>(190, "fsetxattr", 8),
    entry<sys_getxattr>(191, "getxattr", 6), entry<sys_lgetxattr>(192, "lgetxattr", 6), entry<sys_fgetxattr>(193, "fgetxattr", 6),
    entry<sys_listxattr>(194, "listxattr", 8), entry<sys_llistxattr>(195, "llistxattr", 8), entry<sys_flistxattr>(196, "flistxattr", 8),
    entry<sys_removexattr>(197, "removexattr", 6), entry<sys_lremovexattr>(198, "lremovexattr", 6), entry<sys_fremovexattr>(199, "fremovexattr", 6),
};

}  // namespace svc::sys
