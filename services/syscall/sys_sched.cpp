// SPDX-License-Identifier: MPL-2.0
// Scheduling. [sched(7), getpriority(2), sched_setaffinity(2), sched_setscheduler(2)]
#include <services/process/access.h>
#include <services/process/groups.h>
#include <services/sched/real_time.h>
#include <services/sched/weight.h>
#include <services/syscall/sys_sched.h>

namespace svc::sys {
namespace {

Result<Ref<proc::Thread>> find(Caller& c, Pid pid) {
  if (pid.value < 0) return Errc::invalid_argument;
  if (pid.value == 0) return c.thread();
  const Opt<Ref<proc::Thread>> t = c.system().tree().thread(pid);
  if (!t || !(*t)->started()) return Errc::no_process;
  return *t;
}

constexpr u32 kResetOnFork = 0x4000'0000;

bool real_time(SchedClass k) { return k == SchedClass::fifo || k == SchedClass::round_robin; }

// Whether nice values down to this one are the thread's to choose [getrlimit(2) RLIMIT_NICE].
bool may_have_nice(const proc::Thread& t, i32 n) { return static_cast<u64>(20 - n) <= t.process()->limit(proc::Resource::nice).soft; }

// What needs CAP_SYS_NICE, beside that the thread is somebody else's [sched(7)].
bool needs_privilege(const proc::Thread& t, const SchedChange& to) {
  const SchedParams now = t.sched();
  if ((to.klass == SchedClass::fair || to.klass == SchedClass::batch) && to.nice < now.nice && !may_have_nice(t, to.nice)) return true;
  if (real_time(to.klass)) {
    const u64 most = t.process()->limit(proc::Resource::rtprio).soft;
    if (to.klass != now.klass && most == 0) return true;
    if (to.priority > now.rt_priority && to.priority > most) return true;
  }
  if (now.klass == SchedClass::idle && to.klass != SchedClass::idle && !may_have_nice(t, now.nice)) return true;
  return t.reset_on_fork() && !to.reset_on_fork;
}

// Calls f for each thread that (which, who) of getpriority names. Errors: EINVAL, ESRCH (there is none).
void each_thread(const proc::Process& p, FnRef<void(const Ref<proc::Thread>&)> f) {
  for (Opt<Ref<proc::Thread>> t = p.next_thread(Pid{0}); t; t = p.next_thread((*t)->tid()))
    if ((*t)->started()) f(*t);
}

Status each_chosen(Caller& c, u32 which, i32 who, FnRef<void(const Ref<proc::Thread>&)> f) {
  switch (which) {
    case 0: f(TRY(sched_target(c, Pid{who}))); return Ok();
    case 1: return each_thread_of(c, Chosen::group, who, f);
    case 2: return each_thread_of(c, Chosen::user, who == 0 ? static_cast<i32>(c.credentials().values().uid.value) : who, f);
    default: return Errc::invalid_argument;
  }
}

Status set_nice(Caller& c, const Ref<proc::Thread>& t, i32 n) {
  const Cap<proc::Thread, proc::thread::schedule> to = TRY(proc::Access::schedule(c, t));
  SchedParams p = t->sched();
  if (n < p.nice && !may_have_nice(*t, n) && !c.capable(Capability::sys_nice)) return Errc::access_denied;
  p.nice = static_cast<i8>(n);
  to.set_sched(p);
  return Ok();
}

}  // namespace

// Policy numbers of Linux.
Result<SchedClass> to_class(u32 policy) {
  switch (policy) {
    case 0: return SchedClass::fair;
    case 1: return SchedClass::fifo;
    case 2: return SchedClass::round_robin;
    case 3: return SchedClass::batch;
    case 5: return SchedClass::idle;
    default: return Errc::invalid_argument;
  }
}
u32 from_class(SchedClass k) {
  switch (k) {
    case SchedClass::fair: return 0;
    case SchedClass::fifo: return 1;
    case SchedClass::round_robin: return 2;
    case SchedClass::batch: return 3;
    case SchedClass::idle: return 5;
  }
  return 0;
}
Result<Ref<proc::Thread>> sched_target(Caller& c, Pid pid) {
  if (pid.value < 0) return Errc::no_process;
  if (pid.value == 0) return c.thread();
  const Opt<Ref<proc::Thread>> t = c.system().tree().thread(pid);
  if (!t || !(*t)->started()) return Errc::no_process;
  return *t;
}

Status each_thread_of(Caller& c, Chosen which, i32 who, FnRef<void(const Ref<proc::Thread>&)> f) {
  const proc::ProcessTree& tree = c.system().tree();
  const Pid last = tree.highest();  // who is born meanwhile may come in or not, but does not keep this going
  bool any = false;
  const auto note = [&](const Ref<proc::Thread>& t) {
    any = true;
    f(t);
  };
  if (which == Chosen::group) {
    const Pid group = who == 0 ? c.process()->group() : Pid{who};
    for (Opt<Ref<proc::Process>> p = tree.next_in_group(group, Pid{0}); p && (*p)->pid() <= last; p = tree.next_in_group(group, (*p)->pid())) each_thread(**p, note);
  } else {
    const Uid uid{static_cast<u32>(who)};
    for (Opt<Ref<proc::Process>> p = tree.next(Pid{0}); p && (*p)->pid() <= last; p = tree.next((*p)->pid()))
      if ((*p)->real_uid() == uid) each_thread(**p, note);
  }
  return any ? Ok() : Status(Errc::no_process);
}

Result<Cap<proc::Thread, proc::thread::schedule>> may_change_sched(Caller& c, const Ref<proc::Thread>& t, const SchedChange& to) {
  if (to.priority > 99 || real_time(to.klass) != (to.priority != 0)) return Errc::invalid_argument;
  if (needs_privilege(*t, to) && !c.capable(Capability::sys_nice)) return Errc::not_permitted;
  return proc::Access::schedule(c, t);
}

Status change_sched(Caller& c, const Ref<proc::Thread>& t, const SchedChange& to) {
  const Cap<proc::Thread, proc::thread::schedule> right = TRY(may_change_sched(c, t, to));
  right.set_reset_on_fork(to.reset_on_fork ? 1 : 0);
  // Linux keeps the policy, too.
  if (to.keep_params) return Ok();
  SchedParams p = t->sched();
  p.klass = to.klass;
  p.rt_priority = static_cast<u8>(to.priority);
  if (to.klass == SchedClass::fair || to.klass == SchedClass::batch) {
    p.nice = static_cast<i8>(to.nice);
    p.slice_ns = to.slice_ns;
  }
  right.set_sched(p);
  return Ok();
}

SchedChange unchanged(const proc::Thread& t) {
  const SchedParams p = t.sched();
  return {p.klass, p.rt_priority, p.nice, p.slice_ns, t.reset_on_fork(), false};
}

SysResult sys_sched_yield(Caller& c) {
  ostd::task::yield();
  return 0;
}

SysResult sys_getpriority(Caller& c, u32 which, i32 who) {
  i64 best = 0;
  TRY(each_chosen(c, which, who, [&](const Ref<proc::Thread>& t) {
    const i64 v = 20 - t->sched().nice;
    best = v > best ? v : best;
  }));
  return best;
}

SysResult sys_setpriority(Caller& c, u32 which, i32 who, i32 nice) {
  const i32 n = nice < -20 ? -20 : nice > 19 ? 19 : nice;
  if (which > 2) return Errc::invalid_argument;
  Errc error = Errc::ok;
  TRY(each_chosen(c, which, who, [&](const Ref<proc::Thread>& t) {
    const Status s = set_nice(c, t, n);
    if (!s.ok()) error = s.error();
  }));
  if (error != Errc::ok) return error;
  return 0;
}

SysResult sys_sched_getaffinity(Caller& c, Pid pid, u32 size, UserBuffer mask) {
  if (u64{size} * 8 < cpu::count() || (size & 7) != 0) return Errc::invalid_argument;
  const Ref<proc::Thread> t = TRY(find(c, pid));
  const u64 bits = (t->affinity() & CpuSet::all()).bits();
  TRY(user::write(c.address_space(), mask.at, bits));
  return 8;
}

SysResult sys_sched_setaffinity(Caller& c, Pid pid, u32 size, UserBuffer mask) {
  u64 bits = 0;
  Array<u8, 8> raw{};
  TRY(user::read_bytes(c.address_space(), mask.at, raw.items().subspan(0, size < 8 ? size : 8)));
  for (usize i = 0; i < 8; ++i) bits |= static_cast<u64>(raw[i]) << (i * 8);
  const Ref<proc::Thread> t = TRY(find(c, pid));
  const Cap<proc::Thread, proc::thread::schedule> to = TRY(proc::Access::schedule(c, t));
  const CpuSet wanted = CpuSet::from_bits(bits) & CpuSet::all();
  if (wanted.empty()) return Errc::invalid_argument;
  to.set_affinity(wanted);
  return 0;
}

SysResult sys_sched_getscheduler(Caller& c, Pid pid) {
  const Ref<proc::Thread> t = TRY(find(c, pid));
  return i64{from_class(t->sched().klass)} | (t->reset_on_fork() ? i64{kResetOnFork} : 0);
}
SysResult sys_sched_setscheduler(Caller& c, Pid pid, u32 policy, UserPtr<UserSchedParam> param) {
  if (param.null() || pid.value < 0 || (policy & 0x8000'0000) != 0) return Errc::invalid_argument;
  const UserSchedParam p = TRY(user::read<UserSchedParam>(c.address_space(), param.at));
  const Ref<proc::Thread> t = TRY(find(c, pid));
  SchedChange to = unchanged(*t);
  to.reset_on_fork = (policy & kResetOnFork) != 0;
  to.klass = TRY(to_class(policy & ~kResetOnFork));
  to.priority = static_cast<u32>(p.priority);
  TRY(change_sched(c, t, to));
  return 0;
}
SysResult sys_sched_getparam(Caller& c, Pid pid, UserPtr<UserSchedParam> param) {
  if (param.null() || pid.value < 0) return Errc::invalid_argument;
  const Ref<proc::Thread> t = TRY(find(c, pid));
  const SchedParams s = t->sched();
  TRY(user::write(c.address_space(), param.at, UserSchedParam{real_time(s.klass) ? s.rt_priority : 0}));
  return 0;
}
SysResult sys_sched_setparam(Caller& c, Pid pid, UserPtr<UserSchedParam> param) {
  if (param.null() || pid.value < 0) return Errc::invalid_argument;
  const UserSchedParam p = TRY(user::read<UserSchedParam>(c.address_space(), param.at));
  const Ref<proc::Thread> t = TRY(find(c, pid));
  SchedChange to = unchanged(*t);
  to.priority = static_cast<u32>(p.priority);
  TRY(change_sched(c, t, to));
  return 0;
}
SysResult sys_sched_get_priority_max(Caller& c, u32 policy) {
  if (policy == 6) return 0;  // SCHED_DEADLINE has one priority
  const SchedClass k = TRY(to_class(policy));
  return real_time(k) ? 99 : 0;
}
SysResult sys_sched_get_priority_min(Caller& c, u32 policy) {
  if (policy == 6) return 0;
  const SchedClass k = TRY(to_class(policy));
  return real_time(k) ? 1 : 0;
}

// What a task gets at once; SCHED_FIFO has no limit (0).
SysResult sys_sched_rr_get_interval(Caller& c, Pid pid, UserPtr<UserInterval> out) {
  const Ref<proc::Thread> t = TRY(find(c, pid));
  const SchedClass k = t->sched().klass;
  const i64 ns = static_cast<i64>(k == SchedClass::fifo ? 0 : k == SchedClass::round_robin ? svc::sched::kRoundNs : svc::sched::slice_of(t->sched()));
  TRY(user::write(c.address_space(), out.at, UserInterval{ns / 1'000'000'000, ns % 1'000'000'000}));
  return 0;
}

}  // namespace svc::sys
