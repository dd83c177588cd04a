// SPDX-License-Identifier: MPL-2.0
// fork, clone, exit, ids, groups, sessions. [fork(2), clone(2), _exit(2), setpgid(2), setsid(2), getrusage(2)]
#include <services/process/groups.h>
#include <services/syscall/sys_process.h>

namespace svc::sys {
namespace {

namespace cf = proc::cloneflag;

constexpr Array kCloneNames{
    FlagName{cf::vm, "CLONE_VM"}, FlagName{cf::fs, "CLONE_FS"}, FlagName{cf::files, "CLONE_FILES"}, FlagName{cf::sighand, "CLONE_SIGHAND"},
    FlagName{cf::pidfd, "CLONE_PIDFD"}, FlagName{cf::vfork, "CLONE_VFORK"}, FlagName{cf::parent, "CLONE_PARENT"}, FlagName{cf::thread, "CLONE_THREAD"},
    FlagName{cf::sysvsem, "CLONE_SYSVSEM"}, FlagName{cf::settls, "CLONE_SETTLS"}, FlagName{cf::parent_settid, "CLONE_PARENT_SETTID"},
    FlagName{cf::child_cleartid, "CLONE_CHILD_CLEARTID"}, FlagName{cf::detached, "CLONE_DETACHED"},
    FlagName{cf::child_settid, "CLONE_CHILD_SETTID"}, FlagName{17, "SIGCHLD"}};

SysResult start(Caller& c, const proc::CloneArgs& a) {
  const Pid p = TRY(proc::clone(c, a));
  return static_cast<i64>(p.value);
}

// The process with this id as getpgid and getsid see it; 0 is the caller.
Result<Ref<proc::Process>> find(Caller& c, Pid pid) {
  if (pid.value == 0) return c.process();
  Opt<Ref<proc::Process>> p = c.system().tree().process(pid);
  if (p) return *p;
  const Opt<Ref<proc::Thread>> t = c.system().tree().thread(pid);
  if (t) return (*t)->process();
  return Errc::no_process;
}

// Less than a word.
Result<u64> last_bytes(Caller& c, VirtAddr at, u64 n) {
  u64 v = 0;
  for (u64 i = 0; i < n; ++i) v |= TRY(user::read<u8>(c.address_space(), at + i));
  return v;
}

}  // namespace

std::span<const FlagName> CloneFlagNames::names() { return kCloneNames.items(); }

SysResult sys_getpid(Caller& c) { return static_cast<i64>(c.process()->pid().value); }
SysResult sys_gettid(Caller& c) { return static_cast<i64>(c.thread()->tid().value); }
SysResult sys_getppid(Caller& c) { return static_cast<i64>(c.process()->parent_pid().value); }

SysResult sys_fork(Caller& c) {
  proc::CloneArgs a{};
  a.exit_signal = proc::sig::chld.value;
  return start(c, a);
}
SysResult sys_vfork(Caller& c) {
  proc::CloneArgs a{};
  a.flags = cf::vm | cf::vfork;
  a.exit_signal = proc::sig::chld.value;
  return start(c, a);
}
SysResult sys_clone(Caller& c, Flags<CloneFlagNames, u64> flags, VirtAddr stack, UserPtr<i32> parent_tid, UserPtr<i32> child_tid, VirtAddr tls) {
  proc::CloneArgs a{};
  const u64 f = flags.bits & 0xffff'ffff;
  a.flags = f & ~cf::csignal;
  a.exit_signal = static_cast<u32>(f & cf::csignal);
  a.child_tid = child_tid.at;
  a.parent_tid = parent_tid.at;
  if ((f & cf::pidfd) != 0) a.pidfd = parent_tid.at;
  a.stack = stack.value;
  a.tls = tls.value;
  return start(c, a);
}

// clone3(2): a structure that may grow; what is beyond ours must be zero (E2BIG).
SysResult sys_clone3(Caller& c, UserPtr<CloneStruct> args, u64 size) {
  if (size > kPageSize) return Errc::argument_list_too_long;
  if (size < 64) return Errc::invalid_argument;
  CloneStruct s = TRY(user::read<CloneStruct>(c.address_space(), args.at));
  for (u64 at = sizeof(CloneStruct); at < size; at += 8) {
    const u64 more = size - at >= 8 ? TRY(user::read<u64>(c.address_space(), args.at + at)) : TRY(last_bytes(c, args.at + at, size - at));
    // set_tid, set_tid_size, cgroup are known to Linux but not offered here; anything later is unknown to both.
    if (more != 0) return at < 88 ? Errc::invalid_argument : Errc::argument_list_too_long;
  }
  if ((s.flags & (cf::csignal & ~cf::newtime)) != 0 || (s.flags & cf::detached) != 0 || s.exit_signal > 64) return Errc::invalid_argument;
  if ((s.flags & (cf::thread | cf::parent)) != 0 && s.exit_signal != 0) return Errc::invalid_argument;
  if ((s.stack == 0) != (s.stack_size == 0)) return Errc::invalid_argument;
  proc::CloneArgs a{};
  a.flags = s.flags;
  a.exit_signal = static_cast<u32>(s.exit_signal);
  a.child_tid = VirtAddr(s.child_tid);
  a.parent_tid = VirtAddr(s.parent_tid);
  a.pidfd = VirtAddr(s.pidfd);
  a.stack = s.stack == 0 ? 0 : s.stack + s.stack_size;
  a.tls = s.tls;
  return start(c, a);
}

SysResult sys_exit(Caller& c, i32 code) {
  // The last thread's code is the process's, unless a group exit has set it.
  if (!c.process()->exiting()) c.self().set_exit_status(proc::ExitStatus::exited(code));
  c.me().words().exit_status.store(proc::ExitStatus::exited(code).wait_status);
  c.me().words().exiting.store(1);
  return 0;
}
SysResult sys_exit_group(Caller& c, i32 code) {
  c.self().begin_exit(proc::ExitStatus::exited(code));
  return 0;
}

SysResult sys_set_tid_address(Caller& c, UserPtr<i32> at) {
  c.me().words().clear_child_tid.store(at.at.value);
  return static_cast<i64>(c.thread()->tid().value);
}

SysResult sys_getpgid(Caller& c, Pid pid) {
  const Ref<proc::Process> p = TRY(find(c, pid));
  return static_cast<i64>(p->group().value);
}
SysResult sys_getpgrp(Caller& c) { return static_cast<i64>(c.process()->group().value); }
SysResult sys_getsid(Caller& c, Pid pid) {
  const Ref<proc::Process> p = TRY(find(c, pid));
  return static_cast<i64>(p->session().value);
}
SysResult sys_setpgid(Caller& c, Pid pid, Pid pgid) {
  if (pgid.value < 0 || (pgid.value == 0 && pid.value < 0)) return Errc::invalid_argument;
  TRY(c.system().tree().set_group(c.self(), pid, pgid));
  return 0;
}
SysResult sys_setsid(Caller& c) {
  const Pid p = TRY(c.system().tree().new_session(c.self()));
  return static_cast<i64>(p.value);
}

UserRusage to_user(const proc::Usage& u) {
  UserRusage r{};
  r.v[0] = u.user.ns / 1'000'000'000;
  r.v[1] = u.user.ns % 1'000'000'000 / 1000;
  r.v[2] = u.system.ns / 1'000'000'000;
  r.v[3] = u.system.ns % 1'000'000'000 / 1000;
  r.v[4] = static_cast<i64>(u.peak_rss_pages * (kPageSize / 1024));
  r.v[8] = static_cast<i64>(u.minor_faults);
  r.v[9] = static_cast<i64>(u.major_faults);
  r.v[16] = static_cast<i64>(u.voluntary_switches);
  r.v[17] = static_cast<i64>(u.involuntary_switches);
  return r;
}

SysResult sys_getrusage(Caller& c, i32 who, UserPtr<UserRusage> usage) {
  proc::Usage u{};
  if (who == 0) u = c.process()->usage_self();
  else if (who == -1) u = c.process()->usage_children();
  else if (who == 1) u = c.thread()->usage();
  else return Errc::invalid_argument;
  TRY(user::write(c.address_space(), usage.at, to_user(u)));
  return 0;
}

}  // namespace svc::sys
