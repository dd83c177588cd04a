// SPDX-License-Identifier: MPL-2.0
// pidfds. [pidfd_open(2), pidfd_getfd(2)]
#include <services/process/access.h>
#include <services/syscall/sys_pidfd.h>

namespace svc::sys {

namespace o = fs::oflag;

Result<Ref<proc::PidFd>> pid_fd_arg(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<Ref<proc::PidFd>> p = f.ref().as<proc::PidFd>();
  if (!p) return Errc::bad_descriptor;
  return *p;
}

// Errors: EINVAL (flags, number, not a leader without PIDFD_THREAD), ESRCH, EMFILE.
SysResult sys_pidfd_open(Caller& c, Pid pid, u32 flags) {
  if ((flags & ~(o::nonblock | proc::PidFd::kThread)) != 0 || pid.value <= 0) return Errc::invalid_argument;
  Ref<fs::File> f = TRY(proc::open_pid(c.system().tree(), pid, flags));
  const Fd fd = TRY(c.files()->install(std::move(f), fs::CloseOnExec::yes, c.process()->limit(proc::Resource::nofile).soft));
  return static_cast<i64>(fd.value);
}

// Errors: EINVAL, EBADF (no pidfd), ESRCH, EPERM, EBADF (not open there), EMFILE.
SysResult sys_pidfd_getfd(Caller& c, Fd fd, Fd theirs, u32 flags) {
  if (flags != 0) return Errc::invalid_argument;
  const Ref<proc::PidFd> p = TRY(pid_fd_arg(c, fd));
  const Opt<Ref<proc::Thread>> t = p->thread();
  if (!t) return Errc::no_process;
  const Result<Cap<proc::Thread, proc::thread::trace>> traced = proc::Access::trace(c, *t, proc::Access::Ids::real);
  if (!traced.ok()) return Errc::not_permitted;
  const Opt<Ref<fs::FdTable>> table = traced.value().files();
  if (!table) return Errc::no_process;
  DynCap<fs::File> f = TRY((*table)->any(theirs));
  const Fd mine = TRY(c.files()->install(std::move(f), fs::CloseOnExec::yes, c.process()->limit(proc::Resource::nofile).soft));
  return static_cast<i64>(mine.value);
}

}  // namespace svc::sys
