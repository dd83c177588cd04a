// SPDX-License-Identifier: MPL-2.0
// wait4 and waitid. [wait4(2), waitid(2)]
#include <services/syscall/sys_pidfd.h>
#include <services/syscall/sys_process.h>

namespace svc::sys {
namespace {

using proc::ChildEvent;
using proc::WaitFor;

namespace w {
constexpr u32 nohang = 1, untraced = 2, stopped = 2, exited = 4, continued = 8, nowait = 0x01000000, nothread = 0x20000000, all = 0x40000000,
              clone = 0x80000000;
}

// The event, or nothing with WNOHANG. Errors: no_child, restart_syscall.
Result<Opt<ChildEvent>> wait_event(Caller& c, const WaitFor& what, bool no_hang) {
  const proc::ProcessTree& tree = c.system().tree();
  const CapRef<proc::Process, proc::process::wait> me = c.self();
  Result<Opt<ChildEvent>> got = tree.collect(me, what);
  if (!got.ok()) return Err(got.error());
  if (got.value() || no_hang) return got;
  Status waited = me.child_events().wait_until(Wait::interruptible, [&] {
    got = tree.collect(me, what);
    return !got.ok() || got.value().has_value();
  });
  if (!waited.ok()) return Errc::restart_syscall;
  return got;
}

void select_children(WaitFor& f, u32 options) {
  f.keep = (options & w::nowait) != 0;
  f.clones = (options & w::clone) != 0;
  f.all = (options & w::all) != 0;
}

i32 child_code(const ChildEvent& e) {
  if (e.kind == ChildEvent::Kind::trapped) return 4;
  if (e.kind == ChildEvent::Kind::stopped) return 5;
  if (e.kind == ChildEvent::Kind::continued) return 6;
  return (e.wait_status & 0x7f) == 0 ? 1 : (e.wait_status & 0x80) != 0 ? 3 : 2;
}
i32 child_status(const ChildEvent& e) {
  if (e.kind == ChildEvent::Kind::continued) return static_cast<i32>(proc::sig::cont.value);
  if (e.kind == ChildEvent::Kind::trapped) return e.wait_status >> 8;
  if (e.kind == ChildEvent::Kind::stopped) return e.wait_status >> 8 & 0xff;
  return (e.wait_status & 0x7f) == 0 ? e.wait_status >> 8 & 0xff : e.wait_status & 0x7f;
}

}  // namespace

SysResult sys_wait4(Caller& c, Pid pid, UserPtr<i32> status, u32 options, UserPtr<UserRusage> usage) {
  if ((options & ~(w::nohang | w::untraced | w::continued | w::nothread | w::clone | w::all)) != 0) return Errc::invalid_argument;
  if (pid.value == INT32_MIN) return Errc::no_process;
  WaitFor f{};
  if (pid.value > 0) f = {WaitFor::Who::pid, pid};
  else if (pid.value == 0) f = {WaitFor::Who::group, c.process()->group()};
  else if (pid.value < -1) f = {WaitFor::Who::group, Pid{-pid.value}};
  f.stopped = (options & w::untraced) != 0;
  f.continued = (options & w::continued) != 0;
  select_children(f, options);
  const Opt<ChildEvent> e = TRY(wait_event(c, f, (options & w::nohang) != 0));
  if (!e) return 0;
  if (!usage.null()) TRY(user::write(c.address_space(), usage.at, to_user(e->usage)));
  if (!status.null()) TRY(user::write(c.address_space(), status.at, e->wait_status));
  return static_cast<i64>(e->pid.value);
}

SysResult sys_waitid(Caller& c, u32 type, Pid id, UserPtr<proc::RawSigInfo> info, u32 options, UserPtr<UserRusage> usage) {
  if ((options & ~(w::nohang | w::nowait | w::exited | w::stopped | w::continued | w::nothread | w::clone | w::all)) != 0) return Errc::invalid_argument;
  if ((options & (w::exited | w::stopped | w::continued)) == 0) return Errc::invalid_argument;
  WaitFor f{};
  bool again = false;  // instead of waiting
  switch (type) {
    case 0: break;  // P_ALL
    case 1:         // P_PID
      if (id.value <= 0) return Errc::invalid_argument;
      f = {WaitFor::Who::pid, id};
      break;
    case 2:         // P_PGID
      if (id.value < 0) return Errc::invalid_argument;
      f = {WaitFor::Who::group, id.value == 0 ? c.process()->group() : id};
      break;
    case 3: {       // P_PIDFD
      if (id.value < 0) return Errc::invalid_argument;
      const Ref<proc::PidFd> p = TRY(pid_fd_arg(c, Fd{id.value}));
      // Its number may be another's by now.
      f = {WaitFor::Who::pid, p->fate() == proc::Fate::reaped ? Pid{-1} : p->id()};
      again = p->nonblocking() && (options & w::nohang) == 0;
      break;
    }
    default: return Errc::invalid_argument;
  }
  f.exited = (options & w::exited) != 0;
  f.stopped = (options & w::stopped) != 0;
  f.continued = (options & w::continued) != 0;
  select_children(f, options);
  const Result<Opt<ChildEvent>> waited = wait_event(c, f, again || (options & w::nohang) != 0);
  const Opt<ChildEvent> e = waited.ok() ? waited.value() : Opt<ChildEvent>();
  const SysResult result = !waited.ok() ? SysResult(Err(waited.error())) : again && !e ? SysResult(Errc::again) : SysResult(0);
  if (e && !usage.null()) TRY(user::write(c.address_space(), usage.at, to_user(e->usage)));
  // As on Linux the record is written, with zeros, even if there was no event or an error.
  if (info.null()) return result;
  // Only the six fields that waitid(2) defines are written, as Linux does.
  struct Fields { i32 signo = 0, error = 0, code = 0, pad = 0, pid = 0; u32 uid = 0; i32 status = 0, pad2 = 0; } out{};
  if (e) {
    out.signo = static_cast<i32>(proc::sig::chld.value);
    out.code = child_code(*e);
    out.pid = e->pid.value;
    out.uid = e->uid.value;
    out.status = child_status(*e);
  }
  TRY(user::write(c.address_space(), info.at, out.signo));
  TRY(user::write(c.address_space(), VirtAddr(info.at.value + 4), out.error));
  TRY(user::write(c.address_space(), VirtAddr(info.at.value + 8), out.code));
  TRY(user::write(c.address_space(), VirtAddr(info.at.value + 16), out.pid));
  TRY(user::write(c.address_space(), VirtAddr(info.at.value + 20), out.uid));
  TRY(user::write(c.address_space(), VirtAddr(info.at.value + 24), out.status));
  return result;
}

}  // namespace svc::sys
