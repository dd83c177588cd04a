// SPDX-License-Identifier: MPL-2.0
// futex, robust lists. [futex(2), set_robust_list(2)]
#include <services/process/access.h>
#include <services/process/futex.h>
#include <services/process/restart.h>
#include <services/syscall/sys_futex.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

using proc::FutexScope;

namespace fx {
constexpr u32 wait = 0, wake = 1, requeue = 3, cmp_requeue = 4, wake_op = 5, lock_pi = 6, wait_bitset = 9, wake_bitset = 10,
              wait_requeue_pi = 11, lock_pi2 = 13, private_flag = 128, clock_realtime = 256;
}

constexpr Array kOpNames{
    FlagName{fx::private_flag, "FUTEX_PRIVATE_FLAG"}, FlagName{fx::clock_realtime, "FUTEX_CLOCK_REALTIME"},
    FlagName{fx::wake_bitset, "FUTEX_WAKE_BITSET"}, FlagName{fx::wait_bitset, "FUTEX_WAIT_BITSET"}, FlagName{fx::wake_op, "FUTEX_WAKE_OP"},
    FlagName{fx::cmp_requeue, "FUTEX_CMP_REQUEUE"}, FlagName{fx::requeue, "FUTEX_REQUEUE"}, FlagName{fx::wake, "FUTEX_WAKE"}};

// Waking 0 or fewer wakes one, as Linux does.
usize at_least_one(u32 n) {
  const i32 v = static_cast<i32>(n);
  return v < 1 ? 1 : static_cast<usize>(v);
}

// When a wait ends: FUTEX_WAIT counts from now, the others are absolute. Errors: fault, invalid_argument.
Result<Opt<Instant>> read_deadline(Caller& c, u32 op, UserPtr<UserTimespec> timeout) {
  const u32 cmd = op & ~(fx::private_flag | fx::clock_realtime);
  const bool has = cmd == fx::wait || cmd == fx::wait_bitset || cmd == fx::lock_pi || cmd == fx::lock_pi2 || cmd == fx::wait_requeue_pi;
  if (!has || timeout.null()) return Opt<Instant>();
  const Duration d = TRY(read_timespec(c, timeout));
  if (cmd == fx::wait) return Opt<Instant>(proc::relative_deadline(c, d));
  const i64 at = (op & fx::clock_realtime) != 0 ? Duration::add(d.ns, -time::wall_offset()) : d.ns;
  return Opt<Instant>(Instant{at > 0 ? static_cast<u64>(at) : 0});
}

SysResult wait(Caller& c, const proc::FutexWait& w) {
  const Status s = proc::futex_wait(c, w);
  if (s.ok()) return 0;
  if (s.error() != Errc::interrupted) return s.error();
  return w.deadline ? proc::restart_until(c, *w.deadline) : Errc::restart_syscall;
}

// FUTEX_REQUEUE, FUTEX_CMP_REQUEUE: how many were woken and moved.
SysResult requeue(Caller& c, const proc::FutexRequeue& r, u32 wake, u64 move) {
  const i32 w = static_cast<i32>(wake), m = static_cast<i32>(static_cast<u32>(move & 0xffff'ffff));
  if (w < 0 || m < 0) return Errc::invalid_argument;
  proc::FutexRequeue q = r;
  q.wake = static_cast<usize>(w);
  q.move = static_cast<usize>(m);
  const proc::Requeued n = TRY(proc::futex_requeue(c, q));
  return static_cast<i64>(n.woken + n.moved);
}

SysResult woken(Result<usize> n) {
  if (!n.ok()) return Err(n.error());
  return static_cast<i64>(n.value());
}

}  // namespace

std::span<const FlagName> FutexOpNames::names() { return kOpNames.items(); }

// Errors: EFAULT and EINVAL of the timeout, ENOSYS, then those of the operation.
SysResult sys_futex(Caller& c, VirtAddr word, Flags<FutexOpNames> op, u32 value, UserPtr<UserTimespec> timeout, VirtAddr word2, u32 value3) {
  const u32 cmd = op.bits & ~(fx::private_flag | fx::clock_realtime);
  const Opt<Instant> deadline = TRY(read_deadline(c, op.bits, timeout));
  if (op.has(fx::clock_realtime) && cmd != fx::wait_bitset && cmd != fx::wait_requeue_pi && cmd != fx::lock_pi2) return Errc::no_syscall;
  const FutexScope scope = op.has(fx::private_flag) ? FutexScope::private_ : FutexScope::shared;
  switch (cmd) {
    case fx::wait: return wait(c, {word, scope, value, proc::kAnyBits, deadline});
    case fx::wait_bitset: return value3 == 0 ? SysResult(Errc::invalid_argument) : wait(c, {word, scope, value, value3, deadline});
    case fx::wake: return woken(proc::futex_wake(c, word, scope, at_least_one(value), proc::kAnyBits));
    case fx::wake_bitset:
      return value3 == 0 ? SysResult(Errc::invalid_argument) : woken(proc::futex_wake(c, word, scope, at_least_one(value), value3));
    case fx::requeue: return requeue(c, {word, word2, scope, scope, 0, 0, none}, value, timeout.at.value);
    case fx::cmp_requeue: return requeue(c, {word, word2, scope, scope, 0, 0, Opt<u32>(value3)}, value, timeout.at.value);
    case fx::wake_op:
      return woken(proc::futex_wake_op(c, word, word2, scope, at_least_one(value),
                                       at_least_one(static_cast<u32>(timeout.at.value & 0xffff'ffff)), value3));
    default: return Errc::no_syscall;
  }
}

constexpr u64 kRobustHeadSize = 24;

SysResult sys_set_robust_list(Caller& c, VirtAddr head, u64 size) {
  if (size != kRobustHeadSize) return Errc::invalid_argument;
  c.me().words().robust_list.store(head.value);
  return 0;
}

// Errors: ESRCH, EPERM (another user's), EFAULT.
SysResult sys_get_robust_list(Caller& c, Pid tid, UserPtr<u64> head, UserPtr<u64> size) {
  Ref<proc::Thread> t = c.thread();
  if (tid.value != 0) {
    const Opt<Ref<proc::Thread>> found = c.system().tree().thread(tid);
    if (!found) return Errc::no_process;
    t = *found;
  }
  const Result<Cap<proc::Thread, proc::thread::trace>> shown = proc::Access::trace(c, t, proc::Access::Ids::real);
  if (!shown.ok()) return Errc::not_permitted;
  TRY(user::write(c.address_space(), size.at, kRobustHeadSize));
  TRY(user::write(c.address_space(), head.at, shown.value().robust_list()));
  return 0;
}

}  // namespace svc::sys
