// SPDX-License-Identifier: MPL-2.0
// Semaphores. [semget(2), semop(2), semctl(2)]
#include <services/syscall/sys_ipc.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

namespace cmd {
constexpr i32 get_pid = 11, get_value = 12, get_all = 13, more = 14, zero = 15, set_value = 16, set_all = 17, stat = 18, info = 19, stat_any = 20;
}

struct UserSem {       // struct semid64_ds
  UserIpcPerm perm{};
  i64 operated = 0;
  u64 unused1 = 0;
  i64 changed = 0;
  u64 unused2 = 0, size = 0, unused3 = 0, unused4 = 0;
};
static_assert(sizeof(UserSem) == 104);
struct UserSemInfo {   // struct seminfo
  static constexpr i32 kLikeMost = 1'024'000'000, kUndoSize = 20;
  i32 map = kLikeMost, arrays = 0, semaphores = 0, undos = kLikeMost, array_size = 0, operations = 0, undo_entries = 500, undo_size = kUndoSize;
  i32 value_most = ipc::kSemMost, undo_most = ipc::kSemMost;
};
static_assert(sizeof(UserSemInfo) == 40);

const ipc::IdTable<ipc::SemArray>& table(Caller& c [[clang::lifetimebound]]) { return c.system().ipc().semaphores(); }

SysResult stat(Caller& c, i32 id, i32 command, VirtAddr out) {
  const Ref<ipc::SemArray> s = TRY(ipc_object(table(c), id, command != ipc_cmd::stat));
  if (command != cmd::stat_any && !s->allows(c.credentials(), ipc::kRead)) return Errc::access_denied;
  const ipc::SemArray::Times t = s->times();
  UserSem u{};
  u.perm = to_user(*s);
  u.operated = t.operated;
  u.changed = t.changed;
  u.size = s->size();
  TRY(user::write(c.address_space(), out, u));
  return command == ipc_cmd::stat ? 0 : s->id();
}

SysResult info(Caller& c, i32 command, VirtAddr out) {
  const ipc::Space& ipc = c.system().ipc();
  UserSemInfo u{};
  u.arrays = ipc.limits().arrays.load();
  u.semaphores = ipc.limits().semaphores.load();
  u.array_size = ipc.limits().array_size.load();
  u.operations = ipc.limits().operations.load();
  if (command == cmd::info) {
    u.undo_size = static_cast<i32>(table(c).in_use());
    u.undo_most = static_cast<i32>(ipc.counts().semaphores.load());
  }
  TRY(user::write(c.address_space(), out, u));
  return table(c).highest_index();
}

// Errors: ERANGE, EINVAL, EACCES, EIDRM.
SysResult set_value(Caller& c, i32 id, i32 number, i32 value) {
  if (value < 0 || value > ipc::kSemMost) return Errc::out_of_range;
  const Ref<ipc::SemArray> s = TRY(table(c).find(id));
  if (number < 0 || static_cast<u32>(number) >= s->size()) return Errc::invalid_argument;
  if (!s->allows(c.credentials(), ipc::kWrite)) return Errc::access_denied;
  TRY(s->set(static_cast<u32>(number), static_cast<u16>(value), c.process_id().value));
  return 0;
}

SysResult set_all(Caller& c, const ipc::SemArray& s, VirtAddr from) {
  const Vec<u16> values = TRY(user::read_array<u16>(c.address_space(), from, s.size()));
  for (const u16 v : values)
    if (v > ipc::kSemMost) return Errc::out_of_range;
  TRY(s.set_all(values, c.process_id().value));
  return 0;
}

// Errors: EINVAL, EACCES, then by command.
SysResult ask(Caller& c, i32 id, i32 number, i32 command, VirtAddr argument) {
  using Ask = ipc::SemArray::Ask;
  const Ref<ipc::SemArray> s = TRY(table(c).find(id));
  if (!s->allows(c.credentials(), command == cmd::set_all ? ipc::kWrite : ipc::kRead)) return Errc::access_denied;
  if (command == cmd::set_all) return set_all(c, *s, argument);
  if (command == cmd::get_all) {
    const Vec<u16> values = TRY(s->values());
    TRY(user::write_array<u16>(c.address_space(), argument, values.items()));
    return 0;
  }
  if (number < 0 || static_cast<u32>(number) >= s->size()) return Errc::invalid_argument;
  const Ask what = command == cmd::get_value ? Ask::value : command == cmd::get_pid ? Ask::pid : command == cmd::more ? Ask::waiting_for_more : Ask::waiting_for_zero;
  return TRY(s->ask(static_cast<u32>(number), what));
}

// Errors: E2BIG, EINVAL, EFAULT, EINVAL, ENOMEM, EFBIG, EACCES, then those of the operations.
SysResult operate(Caller& c, i32 id, UserPtr<ipc::SemOp> at, u32 n, const Opt<UserTimespec>& timeout) {
  if (n > static_cast<u32>(c.system().ipc().limits().operations.load())) return Errc::argument_list_too_long;
  if (n == 0) return Errc::invalid_argument;
  Vec<ipc::SemOp> ops = TRY(user::read_array<ipc::SemOp>(c.address_space(), at.at, n));
  if (id < 0) return Errc::invalid_argument;
  if (timeout && !valid(*timeout)) return Errc::invalid_argument;
  const Opt<Instant> deadline = timeout ? Opt<Instant>(time::now() + to_duration(*timeout)) : none;
  const Ref<ipc::SemArray> s = TRY(table(c).find(id));
  u32 wanted = ipc::kRead;
  bool undone = false;
  for (const ipc::SemOp& o : ops) {
    if (o.number >= s->size()) return Errc::file_too_large;
    if (o.change != 0) wanted = ipc::kWrite;
    undone = undone || (o.flags & ipc::kUndo) != 0;
  }
  if (!s->allows(c.credentials(), wanted)) return Errc::access_denied;
  const Opt<Ref<ipc::UndoList>> undo = undone ? Opt<Ref<ipc::UndoList>>(c.me().undo()) : none;
  TRY(s->operate(std::move(ops), c.process_id().value, undo, deadline));
  return 0;
}

}  // namespace

SysResult sys_semget(Caller& c, i32 key, i32 n, u32 flags) { return TRY(c.system().ipc().sem_get(c, key, n, flags)); }

SysResult sys_semop(Caller& c, i32 id, UserPtr<ipc::SemOp> ops, u32 n) { return operate(c, id, ops, n, none); }

// Never started again: a handler's run ends it with EINTR, whatever SA_RESTART says.
SysResult sys_semtimedop(Caller& c, i32 id, UserPtr<ipc::SemOp> ops, u32 n, UserPtr<UserTimespec> timeout) {
  if (timeout.null()) return operate(c, id, ops, n, none);
  return operate(c, id, ops, n, Opt<UserTimespec>(TRY(user::read<UserTimespec>(c.address_space(), timeout.at))));
}

SysResult sys_semctl(Caller& c, i32 id, i32 number, i32 command, u64 argument) {
  if (id < 0) return Errc::invalid_argument;
  const VirtAddr at(argument);
  switch (command) {
    case ipc_cmd::info:
    case cmd::info: return info(c, command, at);
    case ipc_cmd::stat:
    case cmd::stat:
    case cmd::stat_any: return stat(c, id, command, at);
    case cmd::get_all:
    case cmd::get_value:
    case cmd::get_pid:
    case cmd::more:
    case cmd::zero:
    case cmd::set_all: return ask(c, id, number, command, at);
    case cmd::set_value: return set_value(c, id, number, static_cast<i32>(static_cast<u32>(argument & 0xffff'ffff)));
    case ipc_cmd::set: {
      const UserSem u = TRY(user::read<UserSem>(c.address_space(), at));
      const Ref<ipc::SemArray> s = TRY(table(c).find(id));
      TRY(s->may_control(c.credentials()));
      TRY(s->change_owner(Uid{u.perm.uid}, Gid{u.perm.gid}, u.perm.mode));
      s->changed();
      return 0;
    }
    case ipc_cmd::rmid: {
      const Ref<ipc::SemArray> s = TRY(table(c).find(id));
      TRY(s->may_control(c.credentials()));
      s->remove();
      return 0;
    }
    default: return Errc::invalid_argument;
  }
}

}  // namespace svc::sys
