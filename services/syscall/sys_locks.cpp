// SPDX-License-Identifier: MPL-2.0
// flock and the record locks of fcntl. [flock(2), fcntl(2)]
#include <services/syscall/sys_fdctl.h>

namespace svc::sys {
namespace {

using fs::FileLock;
using fs::LockSpace;
using fs::LockType;

struct UserFlock {  // struct flock
  i16 type = 0, whence = 0;
  i32 pad = 0;
  i64 start = 0, length = 0;
  i32 pid = 0, pad2 = 0;
};
constexpr i16 kRead = 0, kWrite = 1, kUnlock = 2;

i16 type_number(LockType t) { return t == LockType::read ? kRead : t == LockType::write ? kWrite : kUnlock; }

Ref<fs::Inode> inode_of(const Caller& c, const fs::File& f) {
  const Opt<Ref<fs::Inode>> inode = f.inode();
  return inode ? *inode : c.system().anonymous();
}

Result<FileLock> range_of(const DynCap<fs::File>& f, const fs::Inode& inode, const UserFlock& u) {
  FileLock l{};
  i64 base = 0;
  if (u.whence == 1) {
    const Result<CapRef<fs::File, fs::file::seek>> place = f.as<fs::file::seek>();
    if (place.ok()) base = static_cast<i64>(place.value().seek(0, fs::Whence::current).value_or(0));
  } else if (u.whence == 2) base = static_cast<i64>(inode.attr().size);
  else if (u.whence != 0) return Errc::invalid_argument;
  const Opt<i64> start = checked_add(base, u.start);
  if (!start) return Errc::overflow;
  const i64 first = u.length < 0 ? *start + u.length : *start;
  if (*start < 0 || first < 0) return Errc::invalid_argument;
  l.start = static_cast<u64>(first);
  l.end = INT64_MAX;
  if (u.length > 0) {
    const Opt<i64> end = checked_add(*start, u.length - 1);
    if (!end) return Errc::overflow;
    l.end = static_cast<u64>(*end);
  } else if (u.length < 0) {
    l.end = static_cast<u64>(*start - 1);
  }
  switch (u.type) {
    case kRead: l.type = LockType::read; break;
    case kWrite: l.type = LockType::write; break;
    case kUnlock: l.type = LockType::unlock; break;
    default: return Errc::invalid_argument;
  }
  return l;
}

}  // namespace

SysResult record_lock(Caller& c, Fd fd, const DynCap<fs::File>& f, RecordLock what, VirtAddr argument) {
  using Action = RecordLock::Action;
  UserFlock u = TRY(user::read<UserFlock>(c.address_space(), argument));
  const Ref<fs::Inode> inode = inode_of(c, *f);
  FileLock l = TRY(range_of(f, *inode, u));
  if (!f->inode()) c.files()->locks_without_inode(inode);
  if (what.open_file && u.pid != 0) return Errc::invalid_argument;
  if (what.action == Action::test && l.type == LockType::unlock) return Errc::invalid_argument;
  const fs::FileLocksUse use(inode);
  const fs::FileLocks& locks = use.locks();
  l.owner = Opt<Ref<fs::LockOwner>>(what.open_file ? f->lock_hold(inode).owner() : c.files()->lock_owner());
  l.pid = what.open_file ? Pid{-1} : c.process()->pid();
  if (what.action == Action::test) {
    const Opt<FileLock> other = locks.conflict(LockSpace::record, l);
    u.type = kUnlock;
    if (other) {
      u.type = type_number(other->type);
      u.whence = 0;
      u.start = static_cast<i64>(other->start);
      u.length = other->end == INT64_MAX ? 0 : static_cast<i64>(other->end - other->start + 1);
      u.pid = other->pid.value;
    }
    TRY(user::write(c.address_space(), argument, u));
    return 0;
  }
  if ((l.type == LockType::read && !f.allows(fs::file::read)) || (l.type == LockType::write && !f.allows(fs::file::write))) return Errc::bad_descriptor;
  TRY(what.action == Action::set_waiting ? locks.set_waiting(LockSpace::record, l) : locks.set(LockSpace::record, l));
  // Another thread may have closed the descriptor meanwhile: its close did not see this lock.
  const Result<Ref<fs::File>> still = c.files()->get(fd);
  if (!what.open_file && l.type != LockType::unlock && (!still.ok() || !still.value().same(f.ref()))) {
    locks.release(LockSpace::record, *c.files()->lock_owner());
    return Errc::bad_descriptor;
  }
  return 0;
}

SysResult sys_flock(Caller& c, Fd fd, u32 operation) {
  constexpr u32 kShared = 1, kExclusive = 2, kNonblock = 4, kFree = 8, kMandatory = 32;
  const u32 kind = operation & ~kNonblock;
  if ((operation & kMandatory) != 0) return 0;   // ignored since Linux 5.5
  if (kind != kShared && kind != kExclusive && kind != kFree) return Errc::invalid_argument;
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  // Access mode 3 may not lock; unlocking is open to all.
  if (kind != kFree && !f.allows(fs::file::read) && !f.allows(fs::file::write)) return Errc::bad_descriptor;
  const Ref<fs::Inode> inode = inode_of(c, *f);
  const fs::FileLocksUse use(inode);
  const fs::FileLocks& locks = use.locks();
  FileLock l{};
  l.type = kind == kShared ? LockType::read : kind == kExclusive ? LockType::write : LockType::unlock;
  l.end = INT64_MAX;
  l.owner = Opt<Ref<fs::LockOwner>>(f->lock_hold(inode).owner());
  TRY((operation & kNonblock) != 0 ? locks.set(LockSpace::whole_file, l) : locks.set_waiting(LockSpace::whole_file, l));
  return 0;
}

}  // namespace svc::sys
