// SPDX-License-Identifier: MPL-2.0
// sched_setattr, sched_getattr, ioprio_set, ioprio_get. [sched_setattr(2), ioprio_set(2)]
#include <services/process/access.h>
#include <services/sched/weight.h>
#include <services/syscall/sys_priority.h>

namespace svc::sys {
namespace {

namespace sf {
constexpr u64 reset_on_fork = 1, keep_policy = 8, keep_params = 0x10, clamp = 0x60, all = 0x7f;
}
constexpr u32 kFirstSize = 48, kSize = 56;  // SCHED_ATTR_SIZE_VER0, sizeof(struct sched_attr)
static_assert(sizeof(UserSchedAttr) == kFirstSize);
constexpr u32 kDeadlinePolicy = 6;
constexpr u64 kLeastSlice = 100'000, kMostSlice = 100'000'000;

// Too small, or with something set beyond what is known here: E2BIG, and the size that is known is told.
Status wrong_size(Caller& c, UserPtr<UserSchedAttr> at) {
  static_cast<void>(user::write(c.address_space(), at.at, kSize).ok());
  return Errc::argument_list_too_long;
}

// What is beyond the program's structure is 0. Errors: fault, argument_list_too_long, invalid_argument.
Result<UserSchedAttr> read_attr(Caller& c, UserPtr<UserSchedAttr> at) {
  u32 size = TRY(user::read<u32>(c.address_space(), at.at));
  if (size == 0) size = kFirstSize;
  if (size < kFirstSize || size > kPageSize) return wrong_size(c, at).error();
  for (u64 i = kSize; i < size; ++i)
    if (TRY(user::read<u8>(c.address_space(), at.at + i)) != 0) return wrong_size(c, at).error();
  UserSchedAttr a = TRY(user::read<UserSchedAttr>(c.address_space(), at.at));
  if ((a.flags & sf::clamp) != 0 && size < kSize) return Errc::invalid_argument;
  a.nice = a.nice < -20 ? -20 : a.nice > 19 ? 19 : a.nice;
  return a;
}

u32 slice(u64 runtime) {
  if (runtime == 0) return 0;
  return static_cast<u32>(runtime < kLeastSlice ? kLeastSlice : runtime > kMostSlice ? kMostSlice : runtime);
}

// What SCHED_DEADLINE takes, in nanoseconds [sched(7)].
bool deadline_makes_sense(const UserSchedAttr& a) {
  constexpr u64 kLeastRuntime = 1024, kLeastPeriod = 100'000, kMostPeriod = 4'194'304'000;
  const u64 period = a.period != 0 ? a.period : a.deadline;
  if (a.priority != 0 || a.runtime < kLeastRuntime || a.deadline < a.runtime || period < a.deadline) return false;
  return period >= kLeastPeriod && period <= kMostPeriod;
}

// There is no such class: as if all time that may be promised were promised already. Errors: EINVAL, EPERM, EOPNOTSUPP, EBUSY.
Errc refuse_deadline(Caller& c, const proc::Thread& t, const UserSchedAttr& a) {
  if ((a.flags & ~sf::all) != 0 || !deadline_makes_sense(a)) return Errc::invalid_argument;
  if (!c.capable(Capability::sys_nice)) return Errc::not_permitted;
  if ((a.flags & sf::clamp) != 0) return Errc::not_supported;
  if ((t.affinity() & CpuSet::all()) != CpuSet::all()) return Errc::not_permitted;
  return Errc::busy;
}

constexpr u32 kRealTime = 1, kBestEffort = 2, kIdle = 3;
constexpr u32 class_of(u32 priority) { return priority >> 13 & 7; }
constexpr u32 kEverybody = ~0U;

// Errors: EPERM, EINVAL.
Status check_io_priority(Caller& c, u32 p) {
  switch (class_of(p)) {
    case kRealTime: return c.capable(Capability::sys_admin) || c.capable(Capability::sys_nice) ? Ok() : Status(Errc::not_permitted);
    case kBestEffort:
    case kIdle: return Ok();
    case 0: return (p & 7) == 0 ? Ok() : Status(Errc::invalid_argument);
    default: return Errc::invalid_argument;
  }
}

Status set_io_priority(Caller& c, const Ref<proc::Thread>& t, u32 p) {
  const Cap<proc::Thread, proc::thread::io_rank> right = TRY(proc::Access::io_rank(c, t));
  right.set_io_priority(p & 0xffff);
  return Ok();
}

// Without a class of its own it follows from the scheduling.
u32 effective(const proc::Thread& t) {
  const u32 own = t.io_priority().value_or(0U);
  if (class_of(own) != 0) return own;
  const SchedParams s = t.sched();
  const u32 level = static_cast<u32>(s.nice + 20) / 5;
  if (s.klass == SchedClass::idle) return kIdle << 13 | level;
  return (s.klass == SchedClass::fifo || s.klass == SchedClass::round_robin ? kRealTime : kBestEffort) << 13 | level;
}

// Calls f for the threads of a group or user. Errors: EINVAL, ESRCH.
Status each_of(Caller& c, u32 which, i32 who, FnRef<void(const Ref<proc::Thread>&)> f) {
  if (which == 2) return each_thread_of(c, Chosen::group, who, f);
  if (which != 3) return Errc::invalid_argument;
  if (static_cast<u32>(who) == kEverybody) return Errc::no_process;
  return each_thread_of(c, Chosen::user, who, f);
}

}  // namespace

// Errors: EINVAL, EFAULT, E2BIG, ESRCH, EINVAL of what is asked for, EPERM, EOPNOTSUPP (clamps).
SysResult sys_sched_setattr(Caller& c, Pid pid, UserPtr<UserSchedAttr> attr, u32 flags) {
  if (attr.null() || pid.value < 0 || flags != 0) return Errc::invalid_argument;
  const UserSchedAttr a = TRY(read_attr(c, attr));
  if (static_cast<i32>(a.policy) < 0) return Errc::invalid_argument;
  const Ref<proc::Thread> t = TRY(sched_target(c, pid));
  if ((a.flags & sf::keep_policy) == 0 && a.policy == kDeadlinePolicy) return refuse_deadline(c, *t, a);
  SchedChange to = unchanged(*t);
  if ((a.flags & sf::keep_params) == 0) {
    to.priority = a.priority;
    to.nice = a.nice;
    to.slice_ns = slice(a.runtime);
  } else if (to.klass == SchedClass::fair || to.klass == SchedClass::batch || to.klass == SchedClass::idle) {
    to.priority = a.priority;
  } else {
    to.nice = a.nice;
  }
  to.keep_params = (a.flags & sf::keep_params) != 0;
  if ((a.flags & sf::keep_policy) == 0) {
    to.reset_on_fork = (a.flags & sf::reset_on_fork) != 0;
    to.klass = TRY(to_class(a.policy));
  }
  if ((a.flags & ~sf::all) != 0) return Errc::invalid_argument;
  if ((a.flags & sf::clamp) != 0) {
    TRY(may_change_sched(c, t, to));
    return Errc::not_supported;
  }
  TRY(change_sched(c, t, to));
  return 0;
}

SysResult sys_sched_getattr(Caller& c, Pid pid, UserPtr<UserSchedAttr> attr, u32 size, u32 flags) {
  if (attr.null() || pid.value < 0 || size > kPageSize || size < kFirstSize || flags != 0) return Errc::invalid_argument;
  const Ref<proc::Thread> t = TRY(sched_target(c, pid));
  const SchedParams p = t->sched();
  UserSchedAttr a{};
  a.size = size < kSize ? size : kSize;
  a.policy = from_class(p.klass);
  a.flags = t->reset_on_fork() ? sf::reset_on_fork : 0;
  if (p.klass == SchedClass::fifo || p.klass == SchedClass::round_robin) {
    a.priority = p.rt_priority;
  } else {
    a.nice = p.nice;
    a.runtime = svc::sched::slice_of(p);
  }
  TRY(user::write(c.address_space(), attr.at, a));
  // No clamps.
  TRY(user::zero_bytes(c.address_space(), attr.at + kFirstSize, a.size - kFirstSize));
  return 0;
}

SysResult sys_ioprio_set(Caller& c, u32 which, i32 who, u32 priority) {
  TRY(check_io_priority(c, priority));
  if (which == 1) {
    TRY(set_io_priority(c, TRY(sched_target(c, Pid{who})), priority));
    return 0;
  }
  Errc error = Errc::ok;
  TRY(each_of(c, which, who, [&](const Ref<proc::Thread>& t) {
    if (error != Errc::ok) return;
    const Status s = set_io_priority(c, t, priority);
    if (!s.ok()) error = s.error();
  }));
  if (error != Errc::ok) return error;
  return 0;
}

// Of several the one that goes first.
SysResult sys_ioprio_get(Caller& c, u32 which, i32 who) {
  if (which == 1) {
    const Ref<proc::Thread> t = TRY(sched_target(c, Pid{who}));
    return i64{t->io_priority().value_or(0U)};
  }
  i64 best = 0xffff;
  TRY(each_of(c, which, who, [&](const Ref<proc::Thread>& t) {
    const i64 p = effective(*t);
    best = p < best ? p : best;
  }));
  return best;
}

}  // namespace svc::sys
