// SPDX-License-Identifier: MPL-2.0
// Sending signals. A sender queues first and then looks for a thread that takes it; a thread changes its mask first and then
// looks at what is pending. So one of the two sees the other, and no lock is held over both.
#include <services/process/signal_api.h>
#include <services/process/signal_queues.h>

namespace svc::proc {

void Signals::disturb(const Thread& t, Disturb how) { t.disturb(how); }
void Signals::discard_everywhere(const Process& p, SigSet which) {
  p.sig_.with([&](Process::SignalPart& s) { s.pending.discard(which); });
  p.each_thread([&](const Ref<Thread>& t) { t->sig_.with([&](Thread::SignalPart& s) { s.pending.discard(which); }); });
}

// SIGCONT: a stop ends, or one that is on its way is forgotten. The first thread that wakes tells the parent.
void Signals::continue_process(const Process& p) {
  discard_everywhere(p, kStops);
  const bool was_stopped = p.sig_.with([](Process::SignalPart& s) {
    ++s.continues;
    const bool was = s.stopped;
    s.continue_to_report = s.continue_to_report || (was && s.stop_reported);
    s.stopped = false;
    s.in_stop = 0;
    s.stop_reported = false;
    return was;
  });
  if (was_stopped) p.words_.stop_wait.wake_all();
  notify_tracees(p);
}

// Seized threads tell their tracers of it.
void Signals::notify_tracees(const Process& p) {
  for (Opt<Ref<Thread>> t = p.next_thread(Pid{0}); t; t = p.next_thread((*t)->tid())) {
    if (((*t)->words_.traced.load() & watch::ptraced) == 0) continue;
    const Opt<Ref<Tracee>> shared = (*t)->tracee();
    if (!shared || !(*shared)->seized()) continue;
    (*shared)->notify();
    disturb(**t, Disturb::signal);
  }
}

// What SIGCONT and the stop signals do to each other at once, whatever the masks and actions.
SigInfo Signals::with_side_effects(const Process& p, const SigInfo& info) {
  SigInfo i = info;
  if (i.signo == sig::cont) continue_process(p);
  // One that ends by itself and waits for its tracer ends now; a process that is being killed already has to wait.
  if (i.signo == sig::kill && !p.exiting())
    for (Opt<Ref<Thread>> t = p.next_thread(Pid{0}); t; t = p.next_thread((*t)->tid())) (*t)->release_for_kill();
  if (kStops.has(i.signo)) {
    discard_everywhere(p, kContinue);
    i.order = p.sig_.with([](Process::SignalPart& s) { return s.continues; });
  }
  return i;
}

bool Signals::takes(const Thread& t, Signo s) {
  if (t.words_.exiting.load(Order::relaxed) != 0) return false;
  // A stopped thread takes nothing but SIGKILL; the rest waits for SIGCONT.
  if (t.words_.stopped.load() != 0 && s != sig::kill) return false;
  return s == sig::kill || t.sig_.with([&](Thread::SignalPart& p) { return !p.blocked.has(s) || p.awaited.has(s); });
}

// The thread that is to take a signal of the process: the leader if it can, else any.
Opt<Ref<Thread>> Signals::choose(const Process& p, Signo s) {
  Opt<Ref<Thread>> chosen{};
  p.each_thread([&](const Ref<Thread>& t) {
    if (chosen && t->tid() != p.pid()) return;
    if (takes(*t, s)) chosen = t;
  });
  return chosen;
}

// Blocked signals are kept even if ignored: the action may change before they are unblocked.
bool Signals::dropped(const Process& p, const Opt<Ref<Thread>>& target, Signo s) {
  const SigAction a = p.actions()->get(s);
  if (p.words_.unkillable.load(Order::relaxed) != 0 && a.handler == handler::dfl) return true;
  if (!drops(a, s)) return false;
  Opt<Ref<Thread>> looked_at = target;
  if (!looked_at) looked_at = p.leader();
  if (!looked_at) looked_at = p.any_thread();
  // A tracer sees ignored ones, too.
  if (looked_at && s != sig::kill && ((*looked_at)->words_.traced.load(Order::relaxed) & watch::ptraced) != 0) return false;
  return !looked_at || !(*looked_at)->blocked().has(s);
}

// A place in the receiving user's quota. Signals with numbers below 32 from kill(2) or the kernel are never refused one.
Opt<SignalTicket> Signals::ticket_for(const Process& p, const SigInfo& i) {
  if (i.signo == sig::kill || (i.signo.value < sig::first_rt && i.plain())) return none;
  const bool always = i.signo.value < sig::first_rt && i.code >= 0;
  const u64 limit = p.limit(Resource::sigpending).soft;
  const Ref<SignalQuota> q = p.system()->signal_quota(p.real_uid());
  SignalTicket t(q);
  if (!always && q->used.load(Order::relaxed) > limit) return none;
  return Opt<SignalTicket>(std::move(t));
}

void Signals::wake_for(const Process& p, const Opt<Ref<Thread>>& target, Signo s) {
  p.words_.signal_wait.wake_all();
  Opt<Ref<Thread>> t{};
  if (!target) t = choose(p, s);
  else if (takes(**target, s)) t = target;
  if (!t) return;
  // A signal that will end the process ends its killable waits, too.
  const bool ends = default_action(s) == DefaultAction::terminate;
  const bool asks_tracer = s != sig::kill && ((*t)->words_.traced.load(Order::relaxed) & watch::ptraced) != 0;
  if (ends && !asks_tracer && p.actions()->get(s).handler == handler::dfl && (s == sig::kill || !(*t)->blocked().has(s)) && p.words_.unkillable.load() == 0)
    return p.begin_exit(ExitStatus::killed(s, false));
  disturb(**t, Disturb::signal);
}

Status Signals::post(const Process& p, const Opt<Ref<Thread>>& target, const SigInfo& info) {
  if (info.signo.value == 0 || info.signo.value > sig::count) return Ok();
  if (info.signo != sig::kill && p.dumping()) return Ok();
  const SigInfo i = with_side_effects(p, info);
  if (dropped(p, target, i.signo)) return Ok();
  Opt<SignalTicket> ticket = ticket_for(p, i);
  const PendingSet::Added added =
      target ? (*target)->sig_.with([&](Thread::SignalPart& s) { return s.pending.add(i, std::move(ticket)); })
             : p.sig_.with([&](Process::SignalPart& s) { return s.pending.add(i, std::move(ticket)); });
  if (added == PendingSet::Added::full) return Errc::again;
  if (added == PendingSet::Added::queued) wake_for(p, target, i.signo);
  return Ok();
}

// Signals of the process that some thread no longer takes: to those that do.
void Signals::retarget(const Process& p, SigSet which) {
  for (SigSet left = which; !left.empty();) {
    const Signo s = left.first();
    left = left.without(SigSet::of(s));
    const Opt<Ref<Thread>> t = choose(p, s);
    if (t) disturb(**t, Disturb::signal);
  }
}

SigSet Signals::pending_of(const Process& p) {
  return p.sig_.with([](Process::SignalPart& s) { return s.pending.set(); });
}

// Where a timer's signal goes: to the thread, or to the process.
void Signals::keep_room(const Process& p, const Opt<Ref<Thread>>& thread) {
  if (thread) (*thread)->sig_.with([](Thread::SignalPart& s) { s.pending.keep_room(); });
  else p.sig_.with([](Process::SignalPart& s) { s.pending.keep_room(); });
}
void Signals::remove_timer(const Process& p, const Opt<Ref<Thread>>& thread, i32 id) {
  if (thread) (*thread)->sig_.with([&](Thread::SignalPart& s) { s.pending.remove_timer(id); });
  else p.sig_.with([&](Process::SignalPart& s) { s.pending.remove_timer(id); });
}
// A timer's: there is room for it. False: it is ignored and was dropped.
bool Signals::of_timer(const Process& to, const Opt<Ref<Thread>>& thread, const SigInfo& info) {
  const SigInfo i = with_side_effects(to, info);
  if (dropped(to, thread, i.signo)) return false;
  if (thread) (*thread)->sig_.with([&](Thread::SignalPart& s) { s.pending.add_of_timer(i); });
  else to.sig_.with([&](Process::SignalPart& s) { s.pending.add_of_timer(i); });
  wake_for(to, thread, i.signo);
  return true;
}
Status Process::send(const SigInfo& i) const { return Signals::post(*this, none, i); }
Status Process::send_to(const Thread& t, const SigInfo& i) const {
  if (!t.process().same(*this)) return Errc::no_process;
  return Signals::post(*this, Opt<Ref<Thread>>(ref_of(t)), i);
}
Status Process::resume(const SigInfo& i) const { return i.signo == sig::cont ? send(i) : Status(Errc::not_permitted); }
Status Process::resume_by(const Thread& t, const SigInfo& i) const { return i.signo == sig::cont ? send_to(t, i) : Status(Errc::not_permitted); }

namespace {

// Default action and unblocked when the program could not see it, or when it must not be asked.
enum class Catch : u8 { if_it_can, never };

void force_with(Caller& c, const SigInfo& info, Catch may_catch) {
  const CapRef<Process, process::self | process::signal> p = c.self();
  const Ref<SigActions> actions = p.actions();
  SigAction a = actions->get(info.signo);
  const SigSet mask = c.thread()->blocked();
  const bool blocked = mask.has(info.signo);
  if (blocked || a.handler == handler::ign || may_catch == Catch::never) {
    a.handler = handler::dfl;
    actions->set(info.signo, a);
    if (blocked) c.me().set_blocked(mask.without(SigSet::of(info.signo)));
  }
  if (a.handler == handler::dfl && (c.traced() & watch::ptraced) == 0) p.words().unkillable.store(0);
  static_cast<void>(p.send_to(*c.thread(), info).ok());
  Signals::disturb(*c.thread(), Disturb::signal);  // also when one was pending already
}

}  // namespace

void force(Caller& c, const SigInfo& info) {
  const Fault f = c.context().fault();
  const bool page = f.vector == Exception::page_fault;
  c.trap_number = page ? static_cast<u64>(f.vector) : 0;
  c.trap_error = page ? f.error_code : 0;
  if (page) c.trap_address = f.address.value;
  force_with(c, info, Catch::if_it_can);
}

void force_segv(Caller& c, Signo failed) {
  force_with(c, SigInfo::kernel(sig::segv), failed == sig::segv ? Catch::never : Catch::if_it_can);
}

void discard_pending(CapRef<Process, process::self> p, Signo s) { Signals::discard_everywhere(*p, SigSet::of(s)); }
bool send_of_timer(CapRef<Process, process::signal> to, const Opt<Ref<Thread>>& thread, const SigInfo& info) { return Signals::of_timer(*to, thread, info); }
void prepare_timer(CapRef<Process, process::signal> to, const Opt<Ref<Thread>>& thread) { Signals::keep_room(*to, thread); }
void forget_timer(CapRef<Process, process::signal> to, const Opt<Ref<Thread>>& thread, i32 id) { Signals::remove_timer(*to, thread, id); }

void signals_thread_exit(CapRef<Process, process::self> p) {
  Signals::retarget(*p, Signals::pending_of(*p));
  check_stop_complete(p);
}

SigSet Thread::set_blocked(SigSet s) const {
  const SigSet next = s.without(kUnblockable);
  SigSet old{}, pending{};
  sig_.with([&](SignalPart& p) {
    old = p.blocked;
    p.blocked = next;
    pending = p.pending.set();
  });
  const SigSet shared = process_->pending();
  if (!(pending | shared).without(next).empty()) disturb(Disturb::signal);
  Signals::retarget(*process_, shared & next.without(old));
  return old;
}

SigSet Thread::pending() const {
  return own_pending() | process_->pending();
}

}  // namespace svc::proc
