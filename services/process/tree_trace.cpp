// SPDX-License-Identifier: MPL-2.0
// ProcessTree: who traces whom, and what tracers wait for. A traced thread's end is seen by its tracer before its parent.
#include <services/process/tree_state.h>

namespace svc::proc {
namespace {

constexpr i32 kCldExited = 1, kCldKilled = 2, kCldDumped = 3, kCldTrapped = 4, kCldStopped = 5;

i32 code_of(ExitStatus s) { return (s.wait_status & 0x7f) == 0 ? kCldExited : (s.wait_status & 0x80) != 0 ? kCldDumped : kCldKilled; }
i32 value_of(ExitStatus s) { return (s.wait_status & 0x7f) == 0 ? s.wait_status >> 8 & 0xff : s.wait_status & 0x7f; }

}  // namespace

bool ProcessTree::State::traced_by_parent(i32 pid) const {
  i32 parent = 0, tracer = -1;
  nodes.with(pid, [&](const Node& n) { parent = n.parent; });
  traced.with(pid, [&](const TraceNode& t) { tracer = t.by.process.value; });
  return tracer == parent;
}

bool ProcessTree::State::hidden(i32 pid) const {
  u32 unreaped = 0;
  nodes.with(pid, [&](const Node& n) { unreaped = n.unreaped; });
  return unreaped != 0 || (traced.contains(pid) && !traced_by_parent(pid));
}

void ProcessTree::State::put_trace_ready(i32 tid) {
  i32 tracer = 0;
  Map<i32, u8>::Loose entry{};
  traced.with(tid, [&](TraceNode& t) {
    tracer = t.by.process.value;
    entry = std::move(t.ready);
  });
  nodes.with(tracer, [&](Node& n) { n.trace_ready.insert(entry); });
}

void ProcessTree::State::take_trace_ready(i32 tid) {
  i32 tracer = 0;
  traced.with(tid, [&](TraceNode& t) { tracer = t.by.process.value; });
  Map<i32, u8>::Loose entry{};
  nodes.with(tracer, [&](Node& n) { entry = n.trace_ready.extract(tid); });
  if (entry.empty()) return;
  traced.with(tid, [&](TraceNode& t) { t.ready = std::move(entry); });
}

// SIGCHLD and a wake-up for the tracer's process.
void ProcessTree::State::tell_tracer(i32 tid, i32 code, i32 status, const Usage& u) {
  SigInfo i{};
  i.signo = sig::chld;
  i.code = code;
  i.pid = Pid{tid};
  i.status = status;
  i.utime = u.user.ns / 10'000'000;
  i.stime = u.system.ns / 10'000'000;
  i32 tracer = 0;
  traced.with(tid, [&](TraceNode& t) {
    tracer = t.by.process.value;
    i.uid = t.thread->credentials()->values().uid;
  });
  nodes.with(tracer, [&](Node& n) {
    const bool stops = code == kCldTrapped || code == kCldStopped;
    if (!stops || (n.process->action(sig::chld).flags & sa::nocldstop) == 0) static_cast<void>(n.process.send(i).ok());
    n.process.child_event();
  });
}

Opt<ProcessTree::TraceNode> ProcessTree::State::untrace(i32 tid) {
  Opt<TraceNode> t = traced.remove(tid);
  if (!t) return t;
  nodes.with(t->by.process.value, [&](Node& n) {
    n.tracees.remove(tid);
    n.trace_ready.remove(tid);
  });
  if (!t->ended) return t;
  drop_id(tid);
  const i32 pid = t->thread->process()->pid().value;
  nodes.with(pid, [](Node& n) { --n.unreaped; });
  return t;
}

bool ProcessTree::State::tracee_matches(i32 tid, const WaitFor& what) const {
  if (what.who == WaitFor::Who::any) return true;
  if (what.who == WaitFor::Who::pid) return tid == what.id.value;
  bool same = false;
  traced.with(tid, [&](const TraceNode& t) { same = t.thread->process()->group() == what.id; });
  return same;
}

Opt<ChildEvent> ProcessTree::State::tracee_event(i32 tid, const WaitFor& what, Opt<TraceNode>& gone, Opt<Ref<Process>>& reaped) {
  ChildEvent e{};
  e.pid = Pid{tid};
  bool found = false, over = false;
  bool zombie = false, known = false;
  nodes.with(tid, [&](Node& n) {
    zombie = n.zombie && n.unreaped == 0;
    known = n.announced;
    e.wait_status = n.status.wait_status;
    e.usage = n.usage;
  });
  traced.with(tid, [&](TraceNode& t) {
    e.uid = t.thread->credentials()->values().uid;
    if (t.ended && what.exited) {
      e.wait_status = t.status.wait_status;
      e.usage = t.usage;
      found = over = true;
    } else if (zombie && !known && what.exited) {
      found = over = true;
    } else if (t.code != 0) {
      // Whatever the options: a tracer always sees stops.
      e.kind = ChildEvent::Kind::trapped;
      e.wait_status = static_cast<i32>(t.code << 8 | 0x7f);
      if (!what.keep) t.code = 0;
      found = true;
    }
  });
  if (!found) return none;
  if (what.keep) return e;
  if (!over) {
    take_trace_ready(tid);
    return e;
  }
  gone = untrace(tid);
  const i32 pid = gone->thread->process()->pid().value;
  reaped = gone->thread->process();
  announce_if_due(pid);
  // One that is still traced by another, and waited for the others of its process.
  if (tid != pid && traced.contains(pid)) {
    bool ends = false;
    nodes.with(pid, [&](Node& n) { ends = n.zombie && n.unreaped == 0 && !n.announced; });
    i32 tracer = 0;
    if (ends) traced.with(pid, [&](TraceNode& t) { tracer = t.by.process.value; });
    nodes.with(tracer, [&](Node& n) { n.process.child_event(); });
  }
  return e;
}

Status ProcessTree::attach(const Tracer& by, Cap<Thread, thread::tracer> t, const Ref<Tracee>& shared) const {
  const i32 tid = t->tid().value;
  return state_.with([&](Holder& h) -> Status {
    State& s = *h.s;
    const Opt<Ref<Thread>> tracer = s.threads.get(by.thread.value);
    // One that is ending looks for its tracees only once.
    if (s.traced.contains(tid) || !s.threads.contains(tid) || !tracer || (*tracer)->exiting()) return Errc::not_permitted;
    t.set_tracee(shared, by.process);
    TraceNode n(std::move(t), shared, by);
    n.ready = Map<i32, u8>::Loose(tid, 0);
    s.traced.insert(tid, std::move(n));
    s.nodes.with(by.process.value, [&](Node& p) { p.tracees.insert(tid, 0); });
    return Ok();
  });
}

Opt<ProcessTree::Tracer> ProcessTree::tracer_of(const Thread& t) const {
  return state_.with([&](Holder& h) {
    Opt<Tracer> by{};
    h.s->traced.with(t.tid().value, [&](TraceNode& n) { by = n.by; });
    return by;
  });
}

Result<Cap<Thread, thread::tracer>> ProcessTree::tracee(const Thread& tracer, Pid tid, Must m) const {
  return state_.with([&](Holder& h) -> Result<Cap<Thread, thread::tracer>> {
    Opt<Cap<Thread, thread::tracer>> found{};
    h.s->traced.with(tid.value, [&](TraceNode& n) {
      if (n.by.thread != tracer.tid() || n.ended) return;
      const bool stands = n.shared->state().with([](Tracee::State& st) { return st.stopped && !st.listening; });
      if (m == Must::exist || stands) found = Opt<Cap<Thread, thread::tracer>>(n.thread.dup());
    });
    if (!found) return Errc::no_process;
    return std::move(*found);
  });
}

Status ProcessTree::trace_resume(const Thread& tracer, Pid tid, u32 signal, u32 watch) const {
  return state_.with([&](Holder& h) -> Status {
    bool done = false;
    h.s->traced.with(tid.value, [&](TraceNode& n) {
      if (n.by.thread != tracer.tid() || n.ended) return;
      if (!n.shared->state().with([](Tracee::State& st) { return st.stopped && !st.listening; })) return;
      n.code = 0;
      n.thread.set_watch(watch);
      n.shared->resume(signal);
      done = true;
    });
    if (!done) return Errc::no_process;
    h.s->take_trace_ready(tid.value);
    return Ok();
  });
}

// Only from a stop of a seized thread that has to do with its group. Errors: no_process, io.
Status ProcessTree::trace_listen(const Thread& tracer, Pid tid) const {
  const Cap<Thread, thread::tracer> t = TRY(tracee(tracer, tid, Must::stopped));
  const Opt<Ref<Tracee>> shared = t.tracee();
  if (!shared || !(*shared)->seized()) return Errc::io;
  const bool listens = (*shared)->state().with([](Tracee::State& s) {
    if (!s.stopped || !s.view.info || (s.view.info->words[1] >> 8 & 0xff) != static_cast<u64>(TraceEvent::stop)) return false;
    s.listening = true;
    return true;
  });
  if (!listens) return Errc::io;
  state_.with([&](Holder& h) { h.s->take_trace_ready(tid.value); });
  (*shared)->wake();
  return Ok();
}

Status ProcessTree::detach(const Thread& tracer, Pid tid, u32 signal) const {
  Opt<TraceNode> gone{};
  Opt<Ref<Tracee>> shared{};
  TRY(state_.with([&](Holder& h) -> Status {
    State& s = *h.s;
    bool may = false;
    s.traced.with(tid.value, [&](TraceNode& n) {
      may = n.by.thread == tracer.tid() && !n.ended && n.shared->state().with([](Tracee::State& st) { return st.stopped && !st.listening; });
    });
    if (!may) return Errc::no_process;
    gone = s.untrace(tid.value);
    shared = gone->thread.drop_tracee();
    gone->shared->resume(signal);
    return Ok();
  }));
  return Ok();
}

void ProcessTree::tracer_ends(const Thread& tracer) const {
  for (;;) {
    Opt<TraceNode> gone{};
    Opt<Ref<Tracee>> shared{};
    Opt<Ref<Process>> process{};
    const bool more = state_.with([&](Holder& h) {
      State& s = *h.s;
      Opt<i32> tid{};
      s.nodes.with(tracer.process()->pid().value, [&](Node& n) {
        n.tracees.each([&](const i32& k, u8&) {
          s.traced.with(k, [&](TraceNode& t) {
            if (t.by.thread == tracer.tid()) tid = k;
          });
          return tid ? Walk::stop : Walk::go;
        });
      });
      if (!tid) return false;
      gone = s.untrace(*tid);
      process = gone->thread->process();
      const i32 pid = (*process)->pid().value;
      if (!gone->ended) {
        shared = gone->thread.drop_tracee();
        gone->shared->resume(0);
      }
      s.announce_if_due(pid);
      return true;
    });
    if (!more) return;
    if (!gone->ended) {
      if ((gone->shared->options() & trace_option::exit_kill) != 0) static_cast<void>(gone->thread.send(SigInfo::kernel(sig::kill)).ok());
      if (gone->thread->process()->stopped()) gone->thread.attend();
    }
  }
}

bool ProcessTree::trace_stopped(CapRef<Thread, thread::self> t, u32 code, bool group, bool ending) const {
  const Usage usage = t->usage();
  const i32 tid = t->tid().value;
  return state_.with([&](Holder& h) {
    State& s = *h.s;
    bool stops = false;
    s.traced.with(tid, [&](TraceNode& n) {
      if (t->exiting() && !ending) return;
      n.code = code;
      n.shared->state().with([](Tracee::State& st) { st.stopped = true; });
      stops = true;
    });
    if (!stops) return false;
    s.put_trace_ready(tid);
    s.tell_tracer(tid, group ? kCldStopped : kCldTrapped, static_cast<i32>(code & 0x7f), usage);
    return true;
  });
}

// It goes on, whoever said so: a stop that nobody waited for is forgotten.
void ProcessTree::trace_left(CapRef<Thread, thread::self> t) const {
  state_.with([&](Holder& h) {
    h.s->traced.with(t->tid().value, [&](TraceNode& n) {
      n.code = 0;
      n.shared->state().with([](Tracee::State& st) { st.stopped = st.listening = false; });
    });
    h.s->take_trace_ready(t->tid().value);
  });
}

bool ProcessTree::thread_ended(CapRef<Thread, thread::self> which, ExitStatus status, const Usage& usage) const {
  const i32 tid = which->tid().value, pid = which->process()->pid().value;
  bool has_tracees = false;
  Opt<Ref<Thread>> gone = state_.with([&](Holder& h) {
    State& s = *h.s;
    s.nodes.with(pid, [&](Node& n) { has_tracees = !n.tracees.empty(); });
    Opt<Ref<Thread>> t = s.threads.remove(tid);
    // A leader's number and end are the process's.
    if (!t || tid == pid) return t;
    const bool waits = s.traced.with(tid, [&](TraceNode& n) {
      n.ended = true;
      n.status = status;
      n.usage = usage;
    });
    if (!waits) {
      s.drop_id(tid);
      return t;
    }
    s.nodes.with(pid, [](Node& n) { ++n.unreaped; });
    s.put_trace_ready(tid);
    s.tell_tracer(tid, code_of(status), value_of(status), usage);
    return t;
  });
  return has_tracees;
}

}  // namespace svc::proc
