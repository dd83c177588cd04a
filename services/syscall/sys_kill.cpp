// SPDX-License-Identifier: MPL-2.0
// Sending signals. [kill(2), tkill(2), rt_sigqueueinfo(2), pidfd_send_signal(2)]
#include <services/process/access.h>
#include <services/syscall/sys_pidfd.h>
#include <services/syscall/sys_signals.h>

namespace svc::sys {
namespace {

using proc::Process;
using proc::SigInfo;
using proc::Thread;

bool valid(Signo s) { return s.value <= proc::sig::count; }

SigInfo info_of_caller(Caller& c, Signo s, i32 code) {
  SigInfo i{};
  i.signo = s;
  i.code = code;
  i.pid = c.process()->pid();
  i.uid = c.credentials().values().uid;
  return i;
}

// Errors: EINVAL, EPERM, EAGAIN.
Status send_to(Caller& c, Ref<Process> p, const SigInfo& i) {
  if (!valid(i.signo)) return Errc::invalid_argument;
  const DynCap<Process> to = proc::Access::signal(c, std::move(p));
  if (i.signo == proc::sig::cont) return TRY(to.as<proc::process::resume>()).resume(i);
  const CapRef<Process, proc::process::signal> any = TRY(to.as<proc::process::signal>());
  return i.signo.value == 0 ? Ok() : any.send(i);
}

// A process by its id or by that of one of its threads, as Linux finds it.
Opt<Ref<Process>> find(Caller& c, Pid id) {
  Opt<Ref<Process>> p = c.system().tree().process(id);
  if (p) return p;
  const Opt<Ref<Thread>> t = c.system().tree().thread(id);
  if (!t) return none;
  return (*t)->process();
}

// To a whole group: succeeds when one succeeded. Errors: ESRCH, the last one's.
Status send_to_group(Caller& c, Pid group, const SigInfo& i) {
  Status result = Errc::no_process;
  bool any = false;
  const proc::ProcessTree& tree = c.system().tree();
  const Pid last = tree.highest();  // who is born meanwhile may come in or not, but does not keep this going
  for (Opt<Ref<Process>> p = tree.next_in_group(group, Pid{0}); p && (*p)->pid() <= last; p = tree.next_in_group(group, (*p)->pid())) {
    result = send_to(c, *p, i);
    any = any || result.ok();
  }
  return any ? Ok() : result;
}

// To everyone but init and the caller. EPERM of single ones does not count.
Status send_to_all(Caller& c, const SigInfo& i) {
  Status result = Ok();
  bool any = false;
  const proc::ProcessTree& tree = c.system().tree();
  const Pid last = tree.highest();
  for (Opt<Ref<Process>> p = tree.next(Pid{1}); p && (*p)->pid() <= last; p = tree.next((*p)->pid())) {
    if ((*p)->pid() == c.process()->pid()) continue;
    any = true;
    const Status s = send_to(c, *p, i);
    if (s.error() != Errc::not_permitted) result = s;
  }
  return any ? result : Status(Errc::no_process);
}

// Errors: ESRCH (no such thread, or not of this process), EINVAL, EPERM, EAGAIN.
Status send_to_thread(Caller& c, Pid pid, Pid tid, const SigInfo& i) {
  const Opt<Ref<Thread>> t = c.system().tree().thread(tid);
  if (!t) {
    // A zombie's leader is gone here but still known.
    const Opt<Ref<Process>> p = c.system().tree().process(tid);
    if (!p || (pid.value > 0 && pid != tid)) return Errc::no_process;
    return send_to(c, *p, i);
  }
  const Ref<Process>& p = (*t)->process();
  if (pid.value > 0 && p->pid() != pid) return Errc::no_process;
  if (!valid(i.signo)) return Errc::invalid_argument;
  const DynCap<Process> to = proc::Access::signal(c, p);
  if (i.signo == proc::sig::cont) return TRY(to.as<proc::process::resume>()).resume_by(**t, i);
  const CapRef<Process, proc::process::signal> any = TRY(to.as<proc::process::signal>());
  return i.signo.value == 0 ? Ok() : any.send_to(**t, i);
}

// Programs may say what they like to themselves, but not pretend to be kernel or kill(2) to others.
Result<SigInfo> read_info(Caller& c, Signo s, UserPtr<proc::RawSigInfo> at, Pid to) {
  const proc::RawSigInfo raw = TRY(user::read<proc::RawSigInfo>(c.address_space(), at.at));
  SigInfo i = proc::from_raw(raw, s);
  if ((i.code >= 0 || i.code == proc::si::tkill) && to != c.thread()->tid()) return Errc::not_permitted;
  return i;
}

}  // namespace

SysResult sys_kill(Caller& c, Pid pid, Signo s) {
  const SigInfo i = info_of_caller(c, s, proc::si::user);
  if (pid.value > 0) {
    const Opt<Ref<Process>> p = find(c, pid);
    if (!p) return Errc::no_process;
    TRY(send_to(c, *p, i));
    return 0;
  }
  if (pid.value == INT32_MIN) return Errc::no_process;
  if (pid.value == -1) TRY(send_to_all(c, i));
  else TRY(send_to_group(c, pid.value == 0 ? c.process()->group() : Pid{-pid.value}, i));
  return 0;
}

SysResult sys_tkill(Caller& c, Pid tid, Signo s) {
  if (tid.value <= 0) return Errc::invalid_argument;
  TRY(send_to_thread(c, Pid{0}, tid, info_of_caller(c, s, proc::si::tkill)));
  return 0;
}
SysResult sys_tgkill(Caller& c, Pid pid, Pid tid, Signo s) {
  if (tid.value <= 0 || pid.value <= 0) return Errc::invalid_argument;
  TRY(send_to_thread(c, pid, tid, info_of_caller(c, s, proc::si::tkill)));
  return 0;
}

// Errors: EFAULT, EPERM (forged code), ESRCH, EINVAL, EPERM, EAGAIN.
SysResult sys_rt_sigqueueinfo(Caller& c, Pid pid, Signo s, UserPtr<proc::RawSigInfo> info) {
  const SigInfo i = TRY(read_info(c, s, info, pid));
  const Opt<Ref<Process>> p = pid.value > 0 ? find(c, pid) : Opt<Ref<Process>>();
  if (!p) return Errc::no_process;
  TRY(send_to(c, *p, i));
  return 0;
}
SysResult sys_rt_tgsigqueueinfo(Caller& c, Pid pid, Pid tid, Signo s, UserPtr<proc::RawSigInfo> info) {
  const proc::RawSigInfo raw = TRY(user::read<proc::RawSigInfo>(c.address_space(), info.at));
  if (tid.value <= 0 || pid.value <= 0) return Errc::invalid_argument;
  const SigInfo i = proc::from_raw(raw, s);
  if ((i.code >= 0 || i.code == proc::si::tkill) && tid != c.thread()->tid()) return Errc::not_permitted;
  TRY(send_to_thread(c, pid, tid, i));
  return 0;
}

// Errors: EINVAL (flags), EBADF, EFAULT, EINVAL (another signal in info), EPERM (forged code), ESRCH, EINVAL, EPERM, EAGAIN.
SysResult sys_pidfd_send_signal(Caller& c, Fd fd, Signo s, UserPtr<proc::RawSigInfo> info, u32 flags) {
  constexpr u32 kThread = 1, kProcess = 2, kGroup = 4;
  if (flags != 0 && flags != kThread && flags != kProcess && flags != kGroup) return Errc::invalid_argument;
  const Ref<proc::PidFd> to = TRY(pid_fd_arg(c, fd));
  const u32 whom = flags != 0 ? flags : to->of_thread() ? kThread : kProcess;
  SigInfo i = info_of_caller(c, s, whom == kThread ? proc::si::tkill : proc::si::user);
  if (!info.null()) {
    const proc::RawSigInfo raw = TRY(user::read<proc::RawSigInfo>(c.address_space(), info.at));
    if ((raw.words[0] & 0xffff'ffff) != s.value) return Errc::invalid_argument;
    i = proc::from_raw(raw, s);
    if ((to->id() != c.thread()->tid() || whom == kGroup) && (i.code >= 0 || i.code == proc::si::tkill)) return Errc::not_permitted;
  }
  if (whom == kGroup) TRY(send_to_group(c, to->id(), i));
  else if (to->fate() == proc::Fate::reaped) return Errc::no_process;
  else if (whom == kThread) TRY(send_to_thread(c, Pid{0}, to->id(), i));
  else TRY(send_to(c, to->process(), i));
  return 0;
}

}  // namespace svc::sys
