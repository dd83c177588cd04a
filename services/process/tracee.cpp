// SPDX-License-Identifier: MPL-2.0
// A traced thread's side: where it stops, what it shows, how it goes on. [ptrace(2)]
#include <services/process/trace_stop.h>

namespace svc::proc {
namespace {

constexpr u64 kTrapFlag = 0x100;
constexpr u32 kSysgood = 0x80;
constexpr u64 kNoSuchCall = ~38ULL + 1;   // -ENOSYS: what a call's result register shows while it runs
constexpr i32 kTrapBreakpoint = 1;

struct Stop {
  u32 code = 0;                 // wait(2)'s status without its lowest byte
  u64 message = 0;
  bool group = false;           // the tracer is told CLD_STOPPED
  Opt<RawSigInfo> info{};
  Tracee::Until until = Tracee::Until::resumed_or_exiting;
};

RawSigInfo stop_info(const Caller& c, u32 code) {
  SigInfo i{};
  i.signo = Signo{code & 0x7f};
  i.code = si::kernel;          // laid out as one with a sender
  i.pid = c.thread()->tid();
  i.uid = c.credentials().values().uid;
  RawSigInfo r = to_raw(i);
  r.words[1] = code;
  return r;
}

// In the middle of a call its number is in rax, which programs never see.
void show(Caller& c, const Tracee& t, Stop& s) {
  c.context().fetch_bases();
  Vec<u8> fpu = t.state().with([](Tracee::State& st) { return std::move(st.view.fpu); });
  // Refused: the tracer sees zeros, and nothing that it does to them counts.
  const bool room = mem::reserve(4).ok() && fpu.size() >= c.context().fpu_size();
  if (room) c.context().fpu_save(fpu.items());
  t.state().with([&](Tracee::State& st) {
    Tracee::View& v = st.view;
    v.fpu = std::move(fpu);
    v.regs = c.regs();
    if (c.in_call) v.regs.rax = kNoSuchCall;
    v.call = c.orig_rax;
    v.regs_changed = v.fpu_changed = v.info_changed = false;
    v.info = s.info;
    v.message = s.message;
    st.resume_signal = 0;
    st.listening = false;
  });
}

void take_over(Caller& c, const Tracee& t, Stop& s) {
  Vec<u8> fpu{};
  t.state().with([&](Tracee::State& st) {
    Tracee::View& v = st.view;
    if (v.regs_changed) {
      const u64 number = c.regs().rax;
      c.regs() = v.regs;
      if (c.in_call) c.regs().rax = number;
      c.orig_rax = v.call;
    }
    if (v.info_changed) s.info = v.info;
    if (v.fpu_changed) fpu = std::move(v.fpu);
    v.info.reset();
    v.message = 0;
  });
  if (fpu.empty()) return;
  // It was checked when it was set.
  static_cast<void>(c.context().fpu_load(fpu.items()).ok());
  t.state().with([&](Tracee::State& st) { st.view.fpu = std::move(fpu); });
}

// Something came meanwhile and was left for later.
bool has_work(const Caller& c, const Tracee& t) {
  const Ref<Thread>& me = c.thread();
  return !me->pending().without(me->blocked()).empty() || t.wants_trap() || c.process()->stopped() || me->exiting();
}

// The signal that it goes on with; nothing: it was not stopped, there is no tracer (any more).
Opt<u32> stop(Caller& c, Stop& s) {
  const Opt<Ref<Tracee>> t = c.me().tracee();
  if (!t) return none;
  show(c, **t, s);
  const bool listens = (s.code >> 8) == static_cast<u32>(TraceEvent::stop);
  (*t)->state().with([&](Tracee::State& st) {
    st.trap = false;
    if (listens) st.notify = false;
  });
  c.me().words().stopped.store(1);
  if (s.until == Tracee::Until::resumed_or_killed_again) (*t)->forget_kill();
  const bool told = c.system().tree().trace_stopped(c.me(), s.code, s.group, s.until == Tracee::Until::resumed_or_killed_again);
  if (told) {
    if (s.group) check_stop_complete(c.self());
    (*t)->sleep(*c.thread(), s.until);
    c.system().tree().trace_left(c.me());
    take_over(c, **t, s);
  }
  c.me().words().stopped.store(0);
  if (has_work(c, **t)) c.me().attend();
  if (!told) return none;
  return (*t)->state().with([](Tracee::State& st) { return st.resume_signal; });
}

void restore_origin(const Caller& c, SyscallOrigin& o) {
  o.in_syscall = c.orig_rax >= 0;
  o.number = static_cast<u64>(c.orig_rax);
}
void keep_origin(Caller& c, const SyscallOrigin& o) {
  if (o.in_syscall) c.orig_rax = static_cast<i64>(o.number);
}

void stop_at_call(Caller& c, u64 message) {
  const Opt<Ref<Tracee>> t = c.me().tracee();
  if (!t) return;
  Stop s{};
  s.code = sig::trap.value | (((*t)->options() & trace_option::sysgood) != 0 ? kSysgood : 0);
  s.message = message;
  s.info = stop_info(c, s.code);
  const Opt<u32> signal = stop(c, s);
  if (signal && *signal != 0) static_cast<void>(c.me().send(SigInfo::kernel(Signo{*signal})).ok());
}

}  // namespace

void Tracee::sleep(const Thread& t, Until u) const {
  const bool again = u == Until::resumed_or_killed_again;
  // uninterruptible: what may end a thread has done so already; the tracer and its end wake it, and the first SIGKILL or group exit.
  const Wait how = again ? Wait::uninterruptible : Wait::killable;
  static_cast<void>(resumed_.wait_until(how, [&] {
    const bool on = state_.with([](State& s) { return !s.stopped || (s.listening && (s.notify || s.trap)); });
    return on || (again ? killed_.load() != 0 : t.exiting());
  }).ok());
}

void Tracee::demand_trap() const {
  state_.with([](State& s) { s.trap = true; });
  wake();
}
void Tracee::notify() const {
  state_.with([](State& s) { s.notify = true; });
  wake();
}
void Tracee::resume(u32 signal) const {
  state_.with([&](State& s) {
    s.resume_signal = signal;
    s.stopped = false;
    s.listening = false;
  });
  wake();
}

Opt<SigInfo> trace_signal(Caller& c, SyscallOrigin& origin, const SigInfo& i) {
  keep_origin(c, origin);
  Stop s{};
  s.code = i.signo.value;
  s.info = to_raw(i);
  const u64 continues = c.self().signal_part().with([](Process::SignalPart& p) { return p.continues; });
  const Pid tracer = c.thread()->tracer();
  const Opt<u32> signal = stop(c, s);
  restore_origin(c, origin);
  if (!signal) return i;
  if (*signal == 0) return none;
  SigInfo out = i;
  if (s.info && Signo{*signal} == Signo{static_cast<u32>(s.info->words[0] & 0xffff'ffff)}) {
    if (to_raw(i).words != s.info->words) out = from_raw(*s.info, Signo{*signal});
  } else {
    out = SigInfo{};
    out.signo = Signo{*signal};
    out.pid = tracer;
    const Opt<Ref<Process>> from = c.system().tree().process(tracer);
    if (from) out.uid = (*from)->real_uid();
  }
  // A SIGCONT that came meanwhile undoes a stop, whoever asked for it.
  if (kStops.has(out.signo)) out.order = continues;
  if (!c.thread()->blocked().has(out.signo)) return out;
  static_cast<void>(c.me().send(out).ok());
  return none;
}

void trace_trap(Caller& c, SyscallOrigin& origin) {
  keep_origin(c, origin);
  const Opt<Ref<Tracee>> t = c.me().tracee();
  if (!t) return;
  bool stopped = false;
  Signo signo{};
  c.self().signal_part().with([&](Process::SignalPart& p) {
    stopped = p.stopped;
    signo = p.trap_signal;
  });
  Stop s{};
  s.group = true;
  s.code = signo.value;
  if ((*t)->seized()) {
    s.code = (stopped ? signo.value : sig::trap.value) | static_cast<u32>(TraceEvent::stop) << 8;
    s.info = stop_info(c, s.code);
  } else if (signo.value == 0) {
    s.code = sig::stop.value;
  }
  static_cast<void>(stop(c, s));
  restore_origin(c, origin);
}

bool trace_wants(const Caller& c, TraceEvent e) {
  if ((c.traced() & watch::ptraced) == 0) return false;
  const Opt<Ref<Tracee>> t = c.me().tracee();
  return t && ((*t)->options() >> static_cast<u32>(e) & 1) != 0;
}

void trace_event(Caller& c, TraceEvent e, u64 message) {
  if (!trace_wants(c, e)) return;
  Stop s{};
  s.code = sig::trap.value | static_cast<u32>(e) << 8;
  s.message = message;
  s.info = stop_info(c, s.code);
  if (e == TraceEvent::exit) s.until = Tracee::Until::resumed_or_killed_again;
  static_cast<void>(stop(c, s));
}

Opt<u64> trace_call_entry(Caller& c) {
  const u32 watched = c.traced();
  c.regs().rax = kNoSuchCall;
  stop_at_call(c, Tracee::kAtEntry);
  if ((watched & watch::emulated) != 0 || c.thread()->exiting()) return none;
  const u32 number = static_cast<u32>(static_cast<u64>(c.orig_rax) & 0xffff'ffff);
  if (number == ~0U) return none;
  return number;
}

void trace_call_exit(Caller& c) {
  const u32 watched = c.traced();
  if ((watched & watch::emulated) != 0) return;
  if ((watched & watch::step) != 0) {
    SigInfo i{};
    i.signo = sig::trap;
    i.code = kTrapBreakpoint;
    i.address = VirtAddr(c.regs().rip);
    static_cast<void>(c.me().send(i).ok());
    return;
  }
  if ((watched & watch::calls) != 0) stop_at_call(c, Tracee::kAtExit);
}

void trace_handler_entry(Caller& c, SyscallOrigin& origin) {
  Stop s{};
  s.code = sig::trap.value;
  s.info = stop_info(c, s.code);
  c.orig_rax = -1;
  static_cast<void>(stop(c, s));
  origin.in_syscall = false;
}

UserEvent run_step(Caller& c) {
  const bool own = (c.regs().rflags & kTrapFlag) != 0;
  c.regs().rflags |= kTrapFlag;
  const UserEvent e = user::run(c.context(), c.address_space());
  if (!own) c.regs().rflags &= ~kTrapFlag;
  return e;
}

Opt<Ref<Tracee>> tracee_for_child(Caller& c, const Tracee& mine) {
  return make_ref<Tracee>(mine.options(), mine.seized(), c.context().fpu_size());
}

// ---- Thread ----
Opt<Ref<Tracee>> Thread::tracee() const { return tracee_.with([](Opt<Ref<Tracee>>& t) { return t; }); }
void Thread::set_tracee(Ref<Tracee> t, Pid tracer) const {
  tracee_.with([&](Opt<Ref<Tracee>>& mine) { mine = std::move(t); });
  words_.tracer.store(tracer.value);
  words_.traced.fetch_or(watch::ptraced);
}
Opt<Ref<Tracee>> Thread::drop_tracee() const {
  words_.traced.fetch_and(watch::inherited);
  words_.tracer.store(0);
  return tracee_.with([](Opt<Ref<Tracee>>& t) { return t.take(); });
}
void Thread::set_watch(u32 bits) const {
  words_.traced.fetch_and(~(watch::calls | watch::emulated | watch::step));
  words_.traced.fetch_or(bits);
}
void Thread::attend() const {
  disturb(words_.exiting.load() != 0 ? Disturb::kill : Disturb::signal);
  process_->words_.stop_wait.wake_all();
}
Status Thread::send(const SigInfo& i) const { return process_->send_to(*this, i); }
bool Thread::trace_stopped() const {
  if (words_.stopped.load() == 0 || (words_.traced.load() & watch::ptraced) == 0) return false;
  const Opt<Ref<Tracee>> t = tracee();
  return t && (*t)->state().with([](Tracee::State& s) { return s.stopped; });
}
void Thread::release_for_kill() const {
  if ((words_.traced.load() & watch::ptraced) == 0) return;
  const Opt<Ref<Tracee>> t = tracee();
  if (t) (*t)->kill();
}
SigSet Thread::traced_mask() const {
  return sig_.with([](SignalPart& s) { return s.saved ? *s.saved : s.blocked; });
}
void Thread::set_traced_mask(SigSet m) const {
  sig_.with([](SignalPart& s) { s.saved.reset(); });
  static_cast<void>(set_blocked(m));
}
Vec<SigInfo> Thread::peek_pending(PendingOf which, u64 from, usize most) const {
  Vec<SigInfo> out{};
  out.reserve(most);
  if (which == PendingOf::thread) sig_.with([&](SignalPart& s) { s.pending.peek(from, most, out); });
  else process_->sig_.with([&](Process::SignalPart& s) { s.pending.peek(from, most, out); });
  return out;
}

}  // namespace svc::proc
