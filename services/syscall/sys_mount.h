// SPDX-License-Identifier: MPL-2.0
// System calls on mounts.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

struct MountFlagNames {
  static std::span<const FlagName> names();
  static constexpr StaticStr zero() { return "0"; }
};
SysResult sys_mount(Caller& c, UserString source, UserPath target, UserString type, Flags<MountFlagNames, u64> flags, UserString data);
SysResult sys_umount2(Caller& c, UserPath target, u32 flags);

SysResult sys_unshare(Caller& c, u64 flags);

inline constexpr Array k_mount_calls{
    entry<sys_mount>(165, "mount", 16, State::partial, "file systems tmpfs, proc, devtmpfs, devpts; MS_SHARED, MS_UNBINDABLE: EINVAL; devpts has one instance"),
    entry<sys_unshare>(272, "unshare", 32, State::partial, "namespaces but for that of mounts: EINVAL"),
    entry<sys_umount2>(166, "umount2", 4, State::partial, "MNT_EXPIRE: EINVAL"),
};

}  // namespace svc::sys
