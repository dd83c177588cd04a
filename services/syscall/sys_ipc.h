// SPDX-License-Identifier: MPL-2.0
// System calls of System V IPC, and the layout of what they exchange. [svipc(7)]
#pragma once
#include <services/syscall/entry.h>
#include <services/syscall/sys_dirs.h>

namespace svc::sys {

namespace ipc_cmd {
inline constexpr i32 rmid = 0, set = 1, stat = 2, info = 3;
}
// struct ipc64_perm of x86-64
struct UserIpcPerm {
  i32 key = 0;
  u32 uid = 0, gid = 0, cuid = 0, cgid = 0, mode = 0;
  u16 seq = 0, pad1 = 0;
  u32 pad2 = 0;
  u64 unused1 = 0, unused2 = 0;
};
static_assert(sizeof(UserIpcPerm) == 48);
UserIpcPerm to_user(const ipc::Object& o);
// By index (SHM_STAT and the like) or by id. Errors: invalid_argument.
template <class T>
Result<Ref<T>> ipc_object(const ipc::IdTable<T>& table, i32 id, bool by_index) {
  if (!by_index) return table.find(id);
  const Opt<Ref<T>> o = table.at(static_cast<u32>(id) & (ipc::kMostObjects - 1));
  if (!o) return Errc::invalid_argument;
  return *o;
}

SysResult sys_shmget(Caller& c, i32 key, u64 size, u32 flags);
SysResult sys_shmat(Caller& c, i32 id, VirtAddr at, u32 flags);
SysResult sys_shmdt(Caller& c, VirtAddr at);
SysResult sys_shmctl(Caller& c, i32 id, i32 command, UserBuffer buffer);
SysResult sys_semget(Caller& c, i32 key, i32 n, u32 flags);
SysResult sys_semop(Caller& c, i32 id, UserPtr<ipc::SemOp> ops, u32 n);
SysResult sys_semtimedop(Caller& c, i32 id, UserPtr<ipc::SemOp> ops, u32 n, UserPtr<UserTimespec> timeout);
SysResult sys_semctl(Caller& c, i32 id, i32 number, i32 command, u64 argument);
SysResult sys_msgget(Caller& c, i32 key, u32 flags);
SysResult sys_msgsnd(Caller& c, i32 id, UserBuffer message, i64 size, u32 flags);
SysResult sys_msgrcv(Caller& c, i32 id, UserBuffer message, i64 size, i64 type, u32 flags);
SysResult sys_msgctl(Caller& c, i32 id, i32 command, UserBuffer buffer);

inline constexpr Array k_ipc_calls{
    entry<sys_shmget>(29, "shmget", 4),
    entry<sys_shmat>(30, "shmat", 8),
    entry<sys_shmdt>(67, "shmdt", 8),
    entry<sys_shmctl>(31, "shmctl", 4),
    entry<sys_semget>(64, "semget", 4),
    entry<sys_semop>(65, "semop", 8).waiting(),
    entry<sys_semtimedop>(220, "semtimedop", 8).waiting(),
    entry<sys_semctl>(66, "semctl", 4),
    entry<sys_msgget>(68, "msgget", 4),
    entry<sys_msgsnd>(69, "msgsnd", 4).waiting(),
    entry<sys_msgrcv>(70, "msgrcv", 4).waiting(),
    entry<sys_msgctl>(71, "msgctl", 4),
};

}  // namespace svc::sys
