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
i64 from_class(SchedClass k) {
  switch (k) {
    case SchedClass::fair: return 0;
    case SchedClass::fifo: return 1;
    case SchedClass::round_robin: return 2;
    case SchedClass::batch: return 3;
    case SchedClass::idle: return 5;
  }
  return 0;
}
bool real_time(SchedClass k) { return k == SchedClass::fifo || k == SchedClass::round_robin; }

// With the flag or without it; nothing: it stays.
Status set_params(Caller& c, const Ref<proc::Thread>& t, SchedClass k, i32 priority, Opt<u32> reset_on_fork) {
  if (real_time(k) ? priority < 1 || priority > 99 : priority != 0) return Errc::invalid_argument;
  const Cap<proc::Thread, proc::thread::schedule> to = TRY(proc::Access::schedule(c, t));
  if (real_time(k) && !c.capable(Capability::sys_nice) && static_cast<u64>(priority) > t->process()->limit(proc::Resource::rtprio).soft) return Errc::not_permitted;
  SchedParams p = t->sched();
  p.klass = k;
  p.rt_priority = static_cast<u8>(priority);
  to.set_sched(p);
  if (reset_on_fork) to.set_reset_on_fork(*reset_on_fork);
  return Ok();
}

// Calls f for each process that (which, who) of getpriority names. Errors: EINVAL, ESRCH (there is none).
Status each_chosen(Caller& c, u32 which, i32 who, FnRef<void(const Ref<proc::Process>&)> f) {
  const proc::ProcessTree& tree = c.system().tree();
  const Pid last = tree.highest();  // who is born meanwhile may come in or not, but does not keep this going
  bool any = false;
  switch (which) {
    case 0: {
      if (who == 0) f(c.process());
      else if (who < 0) return Errc::no_process;
      else f(TRY(find(c, Pid{who}))->process());
      return Ok();
    }
    case 1: {
      const Pid group = who == 0 ? c.process()->group() : Pid{who};
      for (Opt<Ref<proc::Process>> p = tree.next_in_group(group, Pid{0}); p && (*p)->pid() <= last; p = tree.next_in_group(group, (*p)->pid())) {
        if (!(*p)->any_thread()) continue;
        any = true;
        f(*p);
      }
      break;
    }
    case 2: {
      const Uid uid = who == 0 ? c.credentials().values().uid : Uid{static_cast<u32>(who)};
      for (Opt<Ref<proc::Process>> p = tree.next(Pid{0}); p && (*p)->pid() <= last; p = tree.next((*p)->pid())) {
        if ((*p)->real_uid() != uid) continue;
        any = true;
        f(*p);
      }
      break;
    }
    default: return Errc::invalid_argument;
  }
  return any ? Ok() : Status(Errc::no_process);
}

Status set_nice(Caller& c, const proc::Process& p, i32 n) {
  const Opt<Ref<proc::Thread>> first = p.any_thread();
  if (!first) return Ok();
  const Cap<proc::Thread, proc::thread::schedule> to = TRY(proc::Access::schedule(c, *first));
  if (n < p.nice() && !c.capable(Capability::sys_nice) && static_cast<u64>(20 - n) > p.limit(proc::Resource::nice).soft)
    return Errc::access_denied;
  to.set_nice(n);
  return Ok();
}

}  // namespace

SysResult sys_sched_yield(Caller& c) {
  ostd::task::yield();
  return 0;
}

SysResult sys_getpriority(Caller& c, u32 which, i32 who) {
  i64 best = 0;
  TRY(each_chosen(c, which, who, [&](const Ref<proc::Process>& p) {
    const i64 v = 20 - p->nice();
    best = v > best ? v : best;
  }));
  return best;
}

SysResult sys_setpriority(Caller& c, u32 which, i32 who, i32 nice) {
  const i32 n = nice < -20 ? -20 : nice > 19 ? 19 : nice;
  if (which > 2) return Errc::invalid_argument;
  Errc error = Errc::ok;
  TRY(each_chosen(c, which, who, [&](const Ref<proc::Process>& p) {
    const Status s = set_nice(c, *p, n);
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
  return from_class(t->sched().klass) | (t->reset_on_fork() ? i64{kResetOnFork} : 0);
}
SysResult sys_sched_setscheduler(Caller& c, Pid pid, u32 policy, UserPtr<UserSchedParam> param) {
  if (param.null() || pid.value < 0 || (policy & 0x8000'0000) != 0) return Errc::invalid_argument;
  const UserSchedParam p = TRY(user::read<UserSchedParam>(c.address_space(), param.at));
  const Ref<proc::Thread> t = TRY(find(c, pid));
  const bool reset = (policy & kResetOnFork) != 0;
  const SchedClass k = TRY(to_class(policy & ~kResetOnFork));
  if (!reset && t->reset_on_fork() && !c.capable(Capability::sys_nice)) return Errc::not_permitted;
  TRY(set_params(c, t, k, p.priority, reset ? 1U : 0U));
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
  TRY(set_params(c, t, t->sched().klass, p.priority, none));
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
  const i64 ns = static_cast<i64>(k == SchedClass::fifo ? 0 : k == SchedClass::round_robin ? svc::sched::kRoundNs : svc::sched::kSliceNs);
  TRY(user::write(c.address_space(), out.at, UserInterval{ns / 1'000'000'000, ns % 1'000'000'000}));
  return 0;
}

}  // namespace svc::sys
