// SPDX-License-Identifier: MPL-2.0
// dup and fcntl. [dup(2), fcntl(2)]
#include <services/syscall/sys_fdctl.h>

namespace svc::sys {
namespace {

u64 limit(Caller& c) { return c.process()->limit(proc::Resource::nofile).soft; }

SysResult replace(Caller& c, Fd from, Fd to, fs::CloseOnExec cloexec) {
  DynCap<fs::File> f = TRY(c.files()->any(from));
  const Opt<Ref<fs::File>> old = TRY(c.files()->replace(to, std::move(f), cloexec, limit(c)));
  if (old) c.files()->closed(**old);
  return static_cast<i64>(to.value);
}

SysResult dup_from(Caller& c, DynCap<fs::File> f, u64 lowest, fs::CloseOnExec cloexec) {
  if (lowest >= limit(c)) return Errc::invalid_argument;
  const Fd fd = TRY(c.files()->install(std::move(f), cloexec, limit(c), static_cast<i32>(lowest)));
  return static_cast<i64>(fd.value);
}

}  // namespace

SysResult sys_dup(Caller& c, Fd fd) {
  DynCap<fs::File> f = TRY(c.files()->any(fd));
  const Fd n = TRY(c.files()->install(std::move(f), fs::CloseOnExec::no, limit(c)));
  return static_cast<i64>(n.value);
}
SysResult sys_dup2(Caller& c, Fd from, Fd to) {
  if (from == to) {
    TRY(c.files()->get(from));
    return static_cast<i64>(to.value);
  }
  return replace(c, from, to, fs::CloseOnExec::no);
}
SysResult sys_dup3(Caller& c, Fd from, Fd to, u32 flags) {
  if ((flags & ~fs::oflag::cloexec) != 0 || from == to) return Errc::invalid_argument;
  return replace(c, from, to, flags != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no);
}

SysResult sys_fcntl(Caller& c, Fd fd, u32 command, u64 argument) {
  constexpr u32 kDupFd = 0, kGetFd = 1, kSetFd = 2, kGetFl = 3, kSetFl = 4, kDupFdCloexec = 1030, kSetPipeSize = 1031, kGetPipeSize = 1032,
                kAddSeals = 1033, kGetSeals = 1034, kGetLock = 5, kSetLock = 6, kSetLockWait = 7, kGetOwner = 9, kGetSignal = 11, kOfdGetLock = 36,
                kOfdSetLock = 37, kOfdSetLockWait = 38, kGetLease = 1025, kDupFdQuery = 1027;
  using Lock = RecordLock;
  // What an O_PATH descriptor can do, too.
  switch (command) {
    case kDupFd:
    case kDupFdCloexec:
      return dup_from(c, TRY(c.files()->any(fd)), argument, command == kDupFd ? fs::CloseOnExec::no : fs::CloseOnExec::yes);
    case kGetFd: {
      const fs::CloseOnExec x = TRY(c.files()->cloexec(fd));
      return x == fs::CloseOnExec::yes ? 1 : 0;
    }
    case kSetFd:
      TRY(c.files()->set_cloexec(fd, (argument & 1) != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no));
      return 0;
    case kGetFl: {
      const Ref<fs::File> f = TRY(c.files()->get(fd));
      return static_cast<i64>(f->flags());
    }
    default: break;
  }
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  const Cap<fs::File, fs::file::control> control = TRY(f.share<fs::file::control>());
  switch (command) {
    case kSetFl: {
      constexpr u32 kMay = fs::oflag::append | fs::oflag::nonblock | fs::oflag::direct | fs::oflag::noatime | fs::oflag::async;
      control.set_flags((f->flags() & ~kMay) | (static_cast<u32>(argument) & kMay));
      return 0;
    }
    case kGetPipeSize: return static_cast<i64>(TRY(control.pipe_size(none)));
    case kSetPipeSize: {
      if (argument > 0x8000'0000) return Errc::invalid_argument;
      return static_cast<i64>(TRY(control.pipe_size(static_cast<u32>(argument))));
    }
    case kGetLock: return record_lock(c, fd, f, {Lock::Action::test, false}, VirtAddr(argument));
    case kSetLock: return record_lock(c, fd, f, {Lock::Action::set, false}, VirtAddr(argument));
    case kSetLockWait: return record_lock(c, fd, f, {Lock::Action::set_waiting, false}, VirtAddr(argument));
    case kOfdGetLock: return record_lock(c, fd, f, {Lock::Action::test, true}, VirtAddr(argument));
    case kOfdSetLock: return record_lock(c, fd, f, {Lock::Action::set, true}, VirtAddr(argument));
    case kOfdSetLockWait: return record_lock(c, fd, f, {Lock::Action::set_waiting, true}, VirtAddr(argument));
    // Nobody can become the owner, choose a signal or take a lease yet.
    case kGetOwner:
    case kGetSignal: return 0;
    case kGetLease: return 2;  // F_UNLCK
    case kDupFdQuery: {
      const Ref<fs::File> other = TRY(c.files()->get(Fd{static_cast<i32>(static_cast<u32>(argument))}));
      return other.same(f.ref()) ? 1 : 0;
    }
    case kAddSeals: {
      const Cap<fs::File, fs::file::write> writable = TRY(f.share<fs::file::write>(Errc::not_permitted));
      TRY(writable.add_seals(static_cast<u32>(argument)));
      return 0;
    }
    case kGetSeals: return static_cast<i64>(TRY(control.seals()));
    default: return Errc::invalid_argument;
  }
}

}  // namespace svc::sys
