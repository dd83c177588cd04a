// SPDX-License-Identifier: MPL-2.0
// File handles, and old calls on file systems and terminals: ustat, sysfs, vhangup.
#pragma once
#include <services/syscall/sys_files.h>

namespace svc::sys {

struct UserHandleHead { u32 bytes = 0; i32 type = 0; };
struct UserUstat { i32 free = 0, pad = 0; u64 inodes = 0; Array<u8, 16> names{}; };
static_assert(sizeof(UserUstat) == 32);

SysResult sys_name_to_handle_at(Caller& c, DirFd dir, UserPath path, UserPtr<UserHandleHead> handle, VirtAddr mount_id, u32 flags);
SysResult sys_open_by_handle_at(Caller& c, DirFd mount, UserPtr<UserHandleHead> handle, OpenFlags flags);
SysResult sys_ustat(Caller& c, u32 device, UserPtr<UserUstat> out);
SysResult sys_sysfs(Caller& c, u32 option, u64 a, u64 b);
SysResult sys_vhangup(Caller& c);

inline constexpr Array k_handles_calls{
    entry<sys_name_to_handle_at>(303, "name_to_handle_at", 8), entry<sys_open_by_handle_at>(304, "open_by_handle_at", 8).waiting(),
    entry<sys_ustat>(136, "ustat", 1), entry<sys_sysfs>(139, "sysfs", 4), entry<sys_vhangup>(153, "vhangup", 2),
};

}  // namespace svc::sys
