// SPDX-License-Identifier: MPL-2.0
// System calls on the machine and on limits: uname, sysinfo, getrandom, rlimits, prctl, arch_prctl, reboot.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

struct UserUtsname { Array<u8, 390> text{}; };
struct UserSysinfo { Array<u64, 14> w{}; };
static_assert(sizeof(UserSysinfo) == 112);
struct UserRlimit { u64 soft = 0, hard = 0; };

SysResult sys_uname(Caller& c, UserPtr<UserUtsname> out);
SysResult sys_sethostname(Caller& c, UserBuffer name, i32 size);
SysResult sys_setdomainname(Caller& c, UserBuffer name, i32 size);
SysResult sys_sysinfo(Caller& c, UserPtr<UserSysinfo> out);
SysResult sys_getrandom(Caller& c, UserBuffer to, u64 size, u32 flags);
SysResult sys_getrlimit(Caller& c, u32 resource, UserPtr<UserRlimit> out);
SysResult sys_setrlimit(Caller& c, u32 resource, UserPtr<UserRlimit> in);
SysResult sys_prlimit64(Caller& c, Pid pid, u32 resource, UserPtr<UserRlimit> in, UserPtr<UserRlimit> out);
// prctl(2) options that exist with albireo.testing on the command line only (test_calls.cpp).
SysResult test_call(Caller& c, u32 option, u64 a);
// sys_speculation.cpp
SysResult get_speculation(Caller& c, u64 which);
SysResult set_speculation(Caller& c, u64 which, u64 value);
SysResult sys_prctl(Caller& c, u32 option, u64 a, u64 b, u64 d, u64 e);
SysResult sys_arch_prctl(Caller& c, u32 code, VirtAddr at);
SysResult sys_personality(Caller& c, u32 persona);
SysResult sys_reboot(Caller& c, u32 magic1, u32 magic2, u32 command, VirtAddr argument);
SysResult sys_syslog(Caller& c, u32 type, UserBuffer to, i32 size);
SysResult sys_syncfs(Caller& c, Fd fd);

inline constexpr Array k_system_calls{
    entry<sys_uname>(63, "uname", 1), entry<sys_sethostname>(170, "sethostname", 1), entry<sys_setdomainname>(171, "setdomainname", 1),
    entry<sys_sysinfo>(99, "sysinfo", 1), entry<sys_getrandom>(318, "getrandom", 1), entry<sys_getrlimit>(97, "getrlimit", 0),
    entry<sys_setrlimit>(160, "setrlimit", 0), entry<sys_prlimit64>(302, "prlimit64", 0),
    entry<sys_prctl>(157, "prctl", 4, State::partial, "options other than names, death signal, dumpable, capabilities, subreaper, no_new_privs, timer slack, TSC, speculation: EINVAL"),
    entry<sys_arch_prctl>(158, "arch_prctl", 0, State::partial, "only FS and GS bases"),
    entry<sys_personality>(135, "personality", 0).never_fails("any number is taken"),
    entry<sys_reboot>(169, "reboot", 1, State::partial, "kexec, suspend: EINVAL"),
    entry<sys_syncfs>(306, "syncfs", 0),
    entry<sys_syslog>(103, "syslog", 8, State::partial, "only reading what is there, sizes and console levels"),
};

}  // namespace svc::sys
