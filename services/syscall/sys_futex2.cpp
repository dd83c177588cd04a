// SPDX-License-Identifier: MPL-2.0
// futex_wake, futex_wait, futex_requeue, futex_waitv: the operations of futex(2) with flags of their own for each word, and time limits
// that are absolute. [futex(2); Linux 6.12, Documentation/userspace-api/futex2.rst]
#include <services/process/futex.h>
#include <services/syscall/sys_futex.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

using proc::FutexScope;

constexpr u32 kSizeMask = 3, kSize32 = 2, kPrivate = 128;
constexpr u32 kMostWords = 128;  // FUTEX_WAITV_MAX

// Errors: invalid_argument (unknown flags, words of another size than 4 bytes).
Result<FutexScope> scope_of(u32 flags) {
  if ((flags & ~(kSizeMask | kPrivate)) != 0 || (flags & kSizeMask) != kSize32) return Errc::invalid_argument;
  return (flags & kPrivate) != 0 ? FutexScope::private_ : FutexScope::shared;
}
// Errors: invalid_argument.
Result<u32> in_word(u64 value) {
  if (value >> 32 != 0) return Errc::invalid_argument;
  return static_cast<u32>(value);
}

// Errors: invalid_argument (clock, time), fault.
Result<Opt<Instant>> until(Caller& c, UserPtr<UserTimespec> timeout, i32 clock) {
  if (timeout.null()) return Opt<Instant>();
  if (clock != 0 && clock != 1) return Errc::invalid_argument;
  const Duration d = TRY(read_timespec(c, timeout));
  const i64 at = clock == 0 ? Duration::add(d.ns, -time::wall_offset()) : d.ns;
  return Opt<Instant>(Instant{at > 0 ? static_cast<u64>(at) : 0});
}

// Errors: fault, invalid_argument.
Result<proc::FutexWait> read_word(Caller& c, UserPtr<UserFutexWait> at) {
  const UserFutexWait u = TRY(user::read<UserFutexWait>(c.address_space(), at.at));
  if (u.reserved != 0) return Errc::invalid_argument;
  proc::FutexWait w{};
  w.scope = TRY(scope_of(u.flags));
  w.expected = TRY(in_word(u.value));
  w.at = VirtAddr(u.at);
  return w;
}

}  // namespace

SysResult sys_futex_wake(Caller& c, VirtAddr word, u64 mask, i32 n, u32 flags) {
  const FutexScope scope = TRY(scope_of(flags));
  const u32 bits = TRY(in_word(mask));
  if (bits == 0) return Errc::invalid_argument;
  // Fewer than none wakes one, as on Linux; none wakes none, but the address is looked at.
  const usize most = n < 0 ? 1 : static_cast<usize>(n);
  return static_cast<i64>(TRY(proc::futex_wake(c, word, scope, most, bits)));
}

SysResult sys_futex_wait(Caller& c, VirtAddr word, u64 value, u64 mask, u32 flags, UserPtr<UserTimespec> timeout, i32 clock) {
  proc::FutexWait w{};
  w.at = word;
  w.scope = TRY(scope_of(flags));
  w.expected = TRY(in_word(value));
  w.bits = TRY(in_word(mask));
  w.deadline = TRY(until(c, timeout, clock));
  if (w.bits == 0) return Errc::invalid_argument;
  const Status s = proc::futex_wait(c, w);
  if (!s.ok()) return s.error() == Errc::interrupted ? Errc::restart_syscall : s.error();
  return 0;
}

SysResult sys_futex_requeue(Caller& c, UserPtr<UserFutexWait> words, u32 flags, i32 wake, i32 move) {
  if (flags != 0 || words.null()) return Errc::invalid_argument;
  const proc::FutexWait from = TRY(read_word(c, words)), to = TRY(read_word(c, words + 1));
  if (from.scope != to.scope || wake < 0 || move < 0) return Errc::invalid_argument;
  const proc::FutexRequeue q{from.at, to.at, from.scope, to.scope, static_cast<usize>(wake), static_cast<usize>(move), Opt<u32>(from.expected)};
  const proc::Requeued n = TRY(proc::futex_requeue(c, q));
  return static_cast<i64>(n.woken + n.moved);
}

SysResult sys_futex_waitv(Caller& c, UserPtr<UserFutexWait> words, u32 count, u32 flags, UserPtr<UserTimespec> timeout, i32 clock) {
  if (flags != 0 || count == 0 || count > kMostWords || words.null()) return Errc::invalid_argument;
  const Opt<Instant> deadline = TRY(until(c, timeout, clock));
  Vec<proc::FutexWait> all{};
  for (u32 i = 0; i < count; ++i) all.push_back(TRY(read_word(c, words + i)));
  const Result<usize> woken = proc::futex_wait_any(c, all.items(), deadline);
  if (!woken.ok()) return woken.error() == Errc::interrupted ? Errc::restart_syscall : woken.error();
  return static_cast<i64>(woken.value());
}

}  // namespace svc::sys
