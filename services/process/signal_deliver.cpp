// SPDX-License-Identifier: MPL-2.0
// Delivering signals on the way to user mode: stop, default actions, handlers, restart of interrupted calls. [signal(7)]
#include <services/abi/errno.h>
#include <services/base/job_control.h>
#include <services/process/core_dump.h>
#include <services/process/restart.h>
#include <services/process/rseq.h>
#include <services/process/signal_api.h>
#include <services/process/timers.h>
#include <services/process/trace_stop.h>

namespace svc::proc {
namespace {

constexpr u64 code_register(Errc e) { return ~static_cast<u64>(abi::to_errno(e)) + 1; }
constexpr u64 kRestartSys = code_register(Errc::restart_syscall), kRestartNoHand = code_register(Errc::restart_no_hand),
              kRestartBlock = code_register(Errc::restart_block), kInterrupted = code_register(Errc::interrupted),
              kRestartNoIntr = ~513ULL + 1;
static_assert(is_restart_code(kRestartSys) && is_restart_code(kRestartNoHand) && is_restart_code(kRestartNoIntr) && is_restart_code(kRestartBlock));

// The system call instruction runs again, with this number.
void run_again(UserRegs& r, u64 number) {
  r.rax = number;
  r.rip = wrapping_sub(r.rip, 2);
}

void restart_without_handler(UserRegs& r, const SyscallOrigin& o) {
  if (r.rax == kRestartBlock) run_again(r, kRestartSyscall);
  else if (is_restart_code(r.rax)) run_again(r, o.number);
}

void restart_before_handler(UserRegs& r, const SyscallOrigin& o, const SigAction& a) {
  if (r.rax == kRestartNoIntr || (r.rax == kRestartSys && (a.flags & sa::restart) != 0)) run_again(r, o.number);
  else if (is_restart_code(r.rax)) r.rax = kInterrupted;
}

// A signal was taken out of a queue: a periodic timer goes on only now, so that slow programs are not flooded.
void taken(CapRef<Process, process::own> p, SigInfo& i) {
  if (i.code == si::timer && i.order != 0) timer_delivered(p, i);
  else if (i.signo == sig::alrm) alarm_delivered(p);
}

bool traced(const Caller& c) { return (c.traced() & watch::ptraced) != 0; }

// Sleeps while the process is stopped; true: it was. A traced thread stops for its tracer, once each time.
bool join_stop(Caller& c, SyscallOrigin& origin) {
  const CapRef<Process, process::own> p = c.self();
  const CapRef<Thread, thread::self> t = c.me();
  u64 seen = 0;
  bool counted = false;
  const bool stopped = p.signal_part().with([&](Process::SignalPart& s) {
    seen = s.continues;
    counted = s.stopped && t.words().stop_joined.exchange(s.stops) != s.stops;
    if (counted) ++s.in_stop;
    return s.stopped;
  });
  const bool mine = traced(c);
  if (mine) {
    const Opt<Ref<Tracee>> shared = c.me().tracee();
    if (counted || (shared && (*shared)->wants_trap())) {
      trace_trap(c, origin);
      return true;
    }
  } else if (stopped) {
    t.words().stopped.store(1);
    check_stop_complete(p);
    // Killable: only SIGCONT or the end of the thread end a stop.
    static_cast<void>(p.words().stop_wait.wait_until(Wait::killable, [&] {
      const bool still = p.signal_part().with([&](Process::SignalPart& s) { return s.stopped && s.continues == seen; });
      return !still || t->exiting() || traced(c);
    }).ok());
    t.words().stopped.store(0);
  }
  const bool report = p.signal_part().with([](Process::SignalPart& s) { return std::exchange(s.continue_to_report, false); });
  if (report) c.system().tree().continued(p);
  return stopped && !mine;
}

void stop_process(Caller& c, const SigInfo& i) {
  const CapRef<Process, process::self> p = c.self();
  if (i.signo != sig::stop && c.system().tree().group_orphaned(p->group())) return;
  const bool began = p.signal_part().with([&](Process::SignalPart& s) {
    // A SIGCONT that came after the stop signal was sent has undone it.
    // A thread that its tracer made go on in a stopped process can begin another stop.
    if (s.continues != i.order || (s.stopped && !(s.stop_reported && traced(c)))) return false;
    ++s.stops;
    s.trap_signal = i.signo;
    if (s.stopped) return true;
    s.stopped = true;
    s.stop_signal = i.signo;
    s.in_stop = 0;
    s.stop_reported = false;
    return true;
  });
  if (began) p.disturb_threads();  // and those that listen in a stop for their tracer
}

Opt<SigInfo> next_signal(CapRef<Thread, thread::self> t, CapRef<Process, process::own> p) {
  SigSet wanted{};
  Opt<SigInfo> i = t.signal_part().with([&](Thread::SignalPart& s) {
    wanted = SigSet{~s.blocked.bits};
    return s.pending.take_from(wanted);
  });
  if (!i) i = p.signal_part().with([&](Process::SignalPart& s) { return s.pending.take_from(wanted); });
  if (i) taken(p, *i);
  return i;
}

// The mask that is in force again when the handler returns.
SigSet mask_after_handler(CapRef<Thread, thread::self> t) {
  return t.signal_part().with([](Thread::SignalPart& s) {
    const SigSet m = s.saved ? *s.saved : s.blocked;
    s.saved.reset();
    return m;
  });
}

void run_handler(Caller& c, const SigInfo& i, const SigAction& a) {
  if ((a.flags & sa::resethand) != 0) c.self().actions()->set(i.signo, SigAction{handler::dfl, a.flags, a.restorer, a.mask});
  rseq_before_handler(c, i.signo);
  const SigSet before = mask_after_handler(c.me());
  if (!push_frame(c, i, a, before).ok()) {
    c.me().set_blocked(before);
    return force_segv(c, i.signo);
  }
  // With the temporary mask of sigsuspend or ppoll, not the one that comes back afterwards.
  SigSet during = c.thread()->blocked() | a.mask;
  if ((a.flags & sa::nodefer) == 0) during = during | SigSet::of(i.signo);
  c.me().set_blocked(during);
}

// What happens to one signal. True: a handler was set up.
bool act(Caller& c, const SyscallOrigin& o, const SigInfo& i) {
  const SigAction a = c.process()->action(i.signo);
  if (a.handler == handler::ign) return false;
  if (a.handler != handler::dfl) {
    if (o.in_syscall) {
      if (is_restart_code(c.regs().rax)) c.count_interruption(o.number);
      restart_before_handler(c.regs(), o, a);
    }
    run_handler(c, i, a);
    return true;
  }
  if (c.self().words().unkillable.load() != 0) return false;
  switch (default_action(i.signo)) {
    case DefaultAction::ignore:
    case DefaultAction::continue_: break;
    case DefaultAction::stop: stop_process(c, i); break;
    case DefaultAction::core: end_with_core(c, o, i); break;
    case DefaultAction::terminate: c.self().begin_exit(ExitStatus::killed(i.signo, false)); break;
  }
  return false;
}

}  // namespace

void handle_signals(Caller& c, SyscallOrigin origin) {
  const Ref<Task> task = ostd::task::current();
  for (;;) {
    task->clear_disturb();
    if (c.thread()->exiting() || c.process()->exiting()) {
      c.me().words().exiting.store(1);
      // Killable waits on the way out do not wait.
      return task->disturb(Disturb::kill);
    }
    if (join_stop(c, origin)) continue;
    Opt<SigInfo> i = next_signal(c.me(), c.self());
    if (i) {
      if (traced(c) && i->signo != sig::kill) {
        i = trace_signal(c, origin, *i);
        if (!i) continue;
      }
      if (act(c, origin, *i)) {
        origin.in_syscall = false;
        if ((c.traced() & watch::step) != 0) trace_handler_entry(c, origin);
      }
      continue;
    }
    restore_mask(c.me());
    if (ostd::task::disturbed() == Disturb::none) break;
  }
  if (origin.in_syscall) restart_without_handler(c.regs(), origin);
}

void check_stop_complete(CapRef<Process, process::self> p) {
  const usize threads = p->thread_count();
  Signo s{};
  const bool complete = p.signal_part().with([&](Process::SignalPart& part) {
    if (!part.stopped || part.stop_reported || part.in_stop < threads) return false;
    part.stop_reported = true;
    s = part.stop_signal;
    return true;
  });
  if (complete) p->system()->tree().stopped(p, s);
}

Opt<SigInfo> take_pending(CapRef<Thread, thread::self> t, CapRef<Process, process::own> p, SigSet wanted) {
  const SigSet those = wanted.without(kUnblockable);
  Opt<SigInfo> i = t.signal_part().with([&](Thread::SignalPart& s) { return s.pending.take_from(those); });
  if (!i) i = p.signal_part().with([&](Process::SignalPart& s) { return s.pending.take_from(those); });
  if (i) taken(p, *i);
  return i;
}

void set_temporary_mask(CapRef<Thread, thread::self> t, SigSet mask) {
  t.signal_part().with([](Thread::SignalPart& s) { if (!s.saved) s.saved = s.blocked; });
  t.set_blocked(mask);
}

void restore_mask(CapRef<Thread, thread::self> t) {
  const Opt<SigSet> saved = t.signal_part().with([](Thread::SignalPart& s) { return s.saved.take(); });
  if (saved) t.set_blocked(*saved);
}

}  // namespace svc::proc
