// SPDX-License-Identifier: MPL-2.0
// System calls on user and group ids and capabilities.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

struct CapHeader { u32 version = 0; i32 pid = 0; };
struct CapData { u32 effective = 0, permitted = 0, inheritable = 0; };

SysResult sys_getuid(Caller& c);
SysResult sys_geteuid(Caller& c);
SysResult sys_getgid(Caller& c);
SysResult sys_getegid(Caller& c);
SysResult sys_setuid(Caller& c, u32 uid);
SysResult sys_setgid(Caller& c, u32 gid);
SysResult sys_setreuid(Caller& c, u32 ruid, u32 euid);
SysResult sys_setregid(Caller& c, u32 rgid, u32 egid);
SysResult sys_setresuid(Caller& c, u32 ruid, u32 euid, u32 suid);
SysResult sys_setresgid(Caller& c, u32 rgid, u32 egid, u32 sgid);
SysResult sys_getresuid(Caller& c, UserPtr<u32> ruid, UserPtr<u32> euid, UserPtr<u32> suid);
SysResult sys_getresgid(Caller& c, UserPtr<u32> rgid, UserPtr<u32> egid, UserPtr<u32> sgid);
SysResult sys_setfsuid(Caller& c, u32 uid);
SysResult sys_setfsgid(Caller& c, u32 gid);
SysResult sys_getgroups(Caller& c, i32 size, UserPtr<u32> list);
SysResult sys_setgroups(Caller& c, i32 size, UserPtr<u32> list);
SysResult sys_capget(Caller& c, UserPtr<CapHeader> header, UserPtr<CapData> data);
SysResult sys_capset(Caller& c, UserPtr<CapHeader> header, UserPtr<CapData> data);

inline constexpr Array k_creds_calls{
    entry<sys_getuid>(102, "getuid", 0).never_fails("it has no arguments"),
    entry<sys_geteuid>(107, "geteuid", 0).never_fails("it has no arguments"),
    entry<sys_getgid>(104, "getgid", 0).never_fails("it has no arguments"),
    entry<sys_getegid>(108, "getegid", 0).never_fails("it has no arguments"), entry<sys_setuid>(105, "setuid", 4),
    entry<sys_setgid>(106, "setgid", 4), entry<sys_setreuid>(113, "setreuid", 4), entry<sys_setregid>(114, "setregid", 4),
    entry<sys_setresuid>(117, "setresuid", 4), entry<sys_setresgid>(119, "setresgid", 4), entry<sys_getresuid>(118, "getresuid", 0),
    entry<sys_getresgid>(120, "getresgid", 0),
    entry<sys_setfsuid>(122, "setfsuid", 4).never_fails("refused, it answers the old id like a success"),
    entry<sys_setfsgid>(123, "setfsgid", 4).never_fails("refused, it answers the old id like a success"),
    entry<sys_getgroups>(115, "getgroups", 4), entry<sys_setgroups>(116, "setgroups", 4), entry<sys_capget>(125, "capget", 1),
    entry<sys_capset>(126, "capset", 4),
};

}  // namespace svc::sys
