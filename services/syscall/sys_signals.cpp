// SPDX-License-Identifier: MPL-2.0
// Actions, masks, waiting for signals. [sigaction(2), sigprocmask(2), sigpending(2), sigwaitinfo(2), sigsuspend(2), pause(2),
// sigaltstack(2), sigreturn(2), restart_syscall(2)]
#include <ostd/time.h>
#include <services/process/restart.h>
#include <services/process/signal_api.h>
#include <services/syscall/sys_signals.h>
#include <services/syscall/table.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

using proc::SigAction;
using proc::SigInfo;
using proc::SigSet;

constexpr Array kHowNames{FlagName{1, "SIG_UNBLOCK"}, FlagName{2, "SIG_SETMASK"}};
constexpr u64 kSetSize = 8;

Result<SigSet> read_set(Caller& c, UserPtr<u64> at) {
  return SigSet{TRY(user::read<u64>(c.address_space(), at.at))};
}

// Until a signal wants attention.
void wait_for_signal() {
  while (ostd::task::disturbed() == Disturb::none) static_cast<void>(ostd::task::park(Wait::interruptible).ok());
}

}  // namespace

std::span<const FlagName> MaskHowNames::names() { return kHowNames.items(); }

// Errors: EINVAL (size), EFAULT, EINVAL (no such signal, or KILL or STOP changed), EFAULT (old, after the change).
SysResult sys_rt_sigaction(Caller& c, Signo s, UserPtr<SigAction> act, UserPtr<SigAction> old, u64 size) {
  if (size != kSetSize) return Errc::invalid_argument;
  SigAction a{};
  if (!act.null()) a = TRY(user::read<SigAction>(c.address_space(), act.at));
  if (s.value < 1 || s.value > proc::sig::count || (!act.null() && proc::kUnblockable.has(s))) return Errc::invalid_argument;
  const Ref<proc::SigActions> actions = c.self().actions();
  SigAction before = actions->get(s);
  if (!act.null()) {
    a.flags &= proc::sa::known;
    a.mask = a.mask.without(proc::kUnblockable);
    before = actions->set(s, a);
    if (proc::drops(a, s)) proc::discard_pending(c.self(), s);
  }
  if (!old.null()) TRY(user::write(c.address_space(), old.at, before));
  return 0;
}

// Errors: EINVAL (size), EFAULT, EINVAL (how), EFAULT (old, after the change).
SysResult sys_rt_sigprocmask(Caller& c, Flags<MaskHowNames> how, UserPtr<u64> set, UserPtr<u64> old, u64 size) {
  if (size != kSetSize) return Errc::invalid_argument;
  const SigSet before = c.thread()->blocked();
  if (!set.null()) {
    const SigSet s = TRY(read_set(c, set));
    switch (how.bits) {
      case 0: c.me().set_blocked(before | s.without(proc::kUnblockable)); break;
      case 1: c.me().set_blocked(before.without(s)); break;
      case 2: c.me().set_blocked(s); break;
      default: return Errc::invalid_argument;
    }
  }
  if (!old.null()) TRY(user::write(c.address_space(), old.at, before.bits));
  return 0;
}

SysResult sys_rt_sigreturn(Caller& c) {
  proc::sigreturn(c);
  return 0;
}

// A smaller size gets the first bytes. Errors: EINVAL, EFAULT.
SysResult sys_rt_sigpending(Caller& c, UserPtr<u64> set, u64 size) {
  if (size > kSetSize) return Errc::invalid_argument;
  const u64 pending = (c.thread()->pending() & c.thread()->blocked()).bits;
  TRY(user::write_bytes(c.address_space(), set.at, as_bytes(pending).first(size)));
  return 0;
}

// Errors: EINVAL (size), EFAULT, EINVAL (timeout), EAGAIN, EINTR, EFAULT (the signal is lost).
SysResult sys_rt_sigtimedwait(Caller& c, UserPtr<u64> set, UserPtr<proc::RawSigInfo> info, UserPtr<UserTimespec> timeout, u64 size) {
  if (size != kSetSize) return Errc::invalid_argument;
  const SigSet wanted = TRY(read_set(c, set)).without(proc::kUnblockable);
  Opt<Instant> deadline{};
  bool wait = true;
  if (!timeout.null()) {
    const Duration d = TRY(read_timespec(c, timeout));
    deadline = time::now() + d;
    wait = d.ns != 0;
  }
  const CapRef<proc::Thread, proc::thread::self> t = c.me();
  Opt<SigInfo> got = proc::take_pending(t, c.self(), wanted);
  if (!got && wait) {
    // Senders wake this thread for them although they are blocked.
    t.signal_part().with([&](proc::Thread::SignalPart& s) { s.awaited = wanted; });
    Result<SigInfo> waited = c.self().words().signal_wait.wait_for(Wait::interruptible, [&] { return proc::take_pending(t, c.self(), wanted); }, deadline);
    t.signal_part().with([&](proc::Thread::SignalPart& s) { s.awaited = SigSet{}; });
    if (waited.ok()) got = waited.value();
    else if (waited.error() != Errc::timed_out) return Errc::interrupted;
  }
  if (!got) return Errc::again;
  if (!info.null()) TRY(user::write(c.address_space(), info.at, proc::to_raw(*got)));
  return static_cast<i64>(got->signo.value);
}

// Errors: EINVAL, EFAULT, EINTR.
SysResult sys_rt_sigsuspend(Caller& c, UserPtr<u64> set, u64 size) {
  if (size != kSetSize) return Errc::invalid_argument;
  const SigSet mask = TRY(read_set(c, set));
  proc::set_temporary_mask(c.me(), mask.without(proc::kUnblockable));
  wait_for_signal();
  return Errc::restart_no_hand;
}
SysResult sys_pause(Caller&) {
  wait_for_signal();
  return Errc::restart_no_hand;
}

// Errors: EFAULT, EPERM (running on it), EINVAL, ENOMEM, EFAULT (old).
SysResult sys_sigaltstack(Caller& c, UserPtr<proc::UserStack> stack, UserPtr<proc::UserStack> old) {
  constexpr u32 on_stack = 1, disabled = 2, autodisarm = 1U << 31;
  const proc::Thread::AltStack now = c.thread()->alt_stack();
  if (!stack.null()) {
    const proc::UserStack s = TRY(user::read<proc::UserStack>(c.address_space(), stack.at));
    TRY(proc::change_alt_stack(c.me(), {s.sp, s.size, s.flags}, c.regs().rsp));
  }
  if (!old.null()) {
    const u32 state = now.size == 0 ? disabled : proc::on_alt_stack(now, c.regs().rsp) ? on_stack : 0;
    TRY(user::write(c.address_space(), old.at, proc::UserStack{now.sp, state | (now.flags & autodisarm), 0, now.size}));
  }
  return 0;
}

// Goes on with the call that was interrupted; EINTR when there is none.
SysResult sys_restart_syscall(Caller& c) {
  const u32 number = c.me().words().restart_call.exchange(0);
  if (number == 0 || number == proc::kRestartSyscall) return Errc::interrupted;
  const Entry& e = lookup(number);
  if (e.state == State::absent) return Errc::interrupted;
  c.resumed_deadline = Instant{c.me().words().restart_deadline.load()};
  // An interrupted one keeps its number: restart_until() sees 219 in rax.
  c.me().words().restart_call.store(number);
  SysResult result = e.call(c);
  c.resumed_deadline.reset();
  if (result.ok() || result.error() != Errc::restart_block) c.me().words().restart_call.store(0);
  return result;
}

}  // namespace svc::sys
