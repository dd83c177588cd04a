// SPDX-License-Identifier: MPL-2.0
#include <services/process/access.h>

namespace svc::proc {

DynCap<Process> Access::signal(const Caller& who, Ref<Process> to) {
  const auto rights = [&]() -> Rights<Process> {
    constexpr Rights<Process> all = process::signal | process::resume;
    if (who.process()->pid() == to->pid()) return all;
    const Opt<Ref<Thread>> t = to->any_thread();
    // Of a zombie only the real user is known.
    const Uid real = to->real_uid();
    const Uid saved = t ? (*t)->credentials()->values().suid : real;
    const CredentialValues& v = who.credentials().values();
    if (v.euid == saved || v.euid == real || v.uid == saved || v.uid == real || who.capable(Capability::kill)) return all;
    return who.process()->session() == to->session() ? process::resume : Rights<Process>();
  }();
  return DynCap<Process>::mint(Process::MintKey(), std::move(to), rights);
}

Result<Cap<Thread, thread::schedule>> Access::schedule(const Context& who, Ref<Thread> to) {
  const CredentialValues& me = who.credentials().values();
  const Ref<Credentials> other = to->credentials();
  const CredentialValues& it = other->values();
  const bool owner = (me.euid == it.uid || me.euid == it.euid) && (it.permitted & ~me.permitted) == 0;
  if (!owner && !who.capable(Capability::sys_nice)) return Errc::not_permitted;
  return Cap<Thread, thread::schedule>::mint(Thread::MintKey(), std::move(to));
}

Result<Cap<Thread, thread::io_rank>> Access::io_rank(const Context& who, Ref<Thread> to) {
  const CredentialValues& me = who.credentials().values();
  const Ref<Credentials> other = to->credentials();
  const Uid uid = other->values().uid;
  if (uid != me.euid && uid != me.uid && !who.capable(Capability::sys_nice)) return Errc::not_permitted;
  return Cap<Thread, thread::io_rank>::mint(Thread::MintKey(), std::move(to));
}

Result<Cap<Process, process::limit>> Access::limit(const Context& who, const Thread& to) {
  const Ref<Credentials> other = to.credentials();
  const CredentialValues& me = who.credentials().values();
  const CredentialValues& v = other->values();
  const bool same = me.uid == v.uid && me.uid == v.euid && me.uid == v.suid && me.gid == v.gid && me.gid == v.egid && me.gid == v.sgid;
  if (to.process()->pid() != who.process_id() && !same && !who.capable(Capability::sys_resource)) return Errc::not_permitted;
  return Cap<Process, process::limit>::mint(Process::MintKey(), to.process());
}

Result<Cap<Process, process::adjust>> Access::adjust(const Context& who, Ref<Process> to, i32 before, i32 after) {
  if (after < before && !who.capable(Capability::sys_resource)) return Errc::access_denied;
  return Cap<Process, process::adjust>::mint(Process::MintKey(), std::move(to));
}

bool Access::may_trace(const Context& who, const Process& p, const Credentials& cred, Ids ids) {
  if (p.pid() == who.process_id() || who.capable(Capability::sys_ptrace)) return true;
  const CredentialValues& me = who.credentials().values();
  const CredentialValues& it = cred.values();
  const Uid uid = ids == Ids::files ? me.fsuid : me.uid;
  const Gid gid = ids == Ids::files ? me.fsgid : me.gid;
  if (uid != it.euid || uid != it.suid || uid != it.uid || gid != it.egid || gid != it.sgid || gid != it.gid) return false;
  return p.dumpable() && (it.permitted & ~(ids == Ids::files ? me.effective : me.permitted)) == 0;
}

Result<Cap<Thread, thread::trace>> Access::trace(const Context& who, Ref<Thread> to, Ids ids) {
  if (!may_trace(who, *to->process(), *to->credentials(), ids)) return Errc::access_denied;
  return Cap<Thread, thread::trace>::mint(Thread::MintKey(), std::move(to));
}

Result<Cap<Thread, thread::tracer>> Access::attach(const Context& who, Ref<Thread> to) {
  if (to->process()->pid() == who.process_id()) return Errc::not_permitted;
  if (!may_trace(who, *to->process(), *to->credentials(), Ids::real)) return Errc::not_permitted;
  return Cap<Thread, thread::tracer>::mint(Thread::MintKey(), std::move(to));
}

Status Access::trace_ended(const Context& who, const Process& to) {
  const Opt<Ref<Credentials>> cred = to.leader_credentials();
  if (!cred) return Errc::no_process;
  return may_trace(who, to, **cred, Ids::files) ? Ok() : Status(Errc::access_denied);
}

Result<Cap<Thread, thread::self>> Access::sibling(const Context& who, Ref<Thread> to) {
  if (to->process()->pid() != who.process_id()) return Errc::invalid_argument;
  return Cap<Thread, thread::self>::mint(Thread::MintKey(), std::move(to));
}

Opt<Access::Running> Access::running(const Context& who, const ProcessTree& tree) {
  const Opt<Ref<Thread>> t = tree.thread(who.thread_id());
  if (!t || !(*t)->is_current()) return none;
  return Running{Cap<Thread, thread::all>::mint(Thread::MintKey(), *t), Cap<Process, process::own>::mint(Process::MintKey(), (*t)->process())};
}

}  // namespace svc::proc
