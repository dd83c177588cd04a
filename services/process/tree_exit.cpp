// SPDX-License-Identifier: MPL-2.0
// ProcessTree: processes that end, stop or continue, and wait(2) collecting that. Signals to parents are sent with the tree
// locked (kSignals ranks inside kProcessTree), so that a parent that sees SIGCHLD also sees the zombie.
#include <services/process/signal_api.h>
#include <services/process/tree_state.h>

namespace svc::proc {
namespace {

SigInfo child_info(const Process& child, i32 code, i32 status, const Usage& u, Uid uid) {
  SigInfo i{};
  i.signo = sig::chld;
  i.code = code;
  i.pid = child.pid();
  i.uid = uid;
  i.status = status;
  i.utime = u.user.ns / 10'000'000;
  i.stime = u.system.ns / 10'000'000;
  return i;
}

i32 ending_of(ExitStatus st) { return (st.wait_status & 0x7f) != 0 ? st.wait_status & 0x7f : st.wait_status >> 8 & 0xff; }

constexpr i32 kCldExited = 1, kCldKilled = 2, kCldDumped = 3, kCldStopped = 5, kCldContinued = 6;

void notify_exit(const Process& child, CapRef<Process, process::signal | process::relate> parent, ExitStatus st, const Usage& u) {
  const Signo signo = child.exit_signal();
  const bool killed = (st.wait_status & 0x7f) != 0;
  const i32 code = !killed ? kCldExited : (st.wait_status & 0x80) != 0 ? kCldDumped : kCldKilled;
  if (signo.value != 0) {
    SigInfo i = child_info(child, code, ending_of(st), u, child.real_uid());
    i.signo = signo;
    const Status ignored = parent.send(i);  // a full queue loses only the signal, as on Linux
    static_cast<void>(ignored.ok());
  }
  parent.child_event();
}

bool parent_discards(const Process& child, const Process& parent) {
  if (child.exit_signal() != sig::chld) return false;
  const SigAction a = parent.action(sig::chld);
  return a.handler == handler::ign || (a.flags & sa::nocldwait) != 0;
}

}  // namespace

i32 ProcessTree::State::new_parent_for(i32 dying) {
  i32 at = dying;
  for (i32 hops = 0; hops < kPidMax; ++hops) {
    i32 up = 0;
    if (!nodes.with(at, [&](Node& n) { up = n.parent; }) || up == 0) break;
    bool takes = false;
    nodes.with(up, [&](Node& n) { takes = !n.zombie && n.process->child_subreaper() && !n.process->exiting(); });
    if (takes) return up;
    at = up;
  }
  return dying == 1 ? 0 : 1;
}

bool ProcessTree::State::group_orphaned(i32 group) {
  bool orphaned = true;
  groups.with(group, [&](GroupNode& g) {
    g.members.each([&](const i32& pid, u8&) {
      i32 parent = 0;
      bool alive = false;
      nodes.with(pid, [&](Node& n) {
        parent = n.parent;
        alive = !n.zombie;
      });
      if (!alive) return;
      nodes.with(parent, [&](Node& p) {
        if (p.group->id().value != group && p.group->session_id() == g.group->session_id()) orphaned = false;
      });
    });
  });
  return orphaned;
}

bool ProcessTree::group_orphaned(Pid group) const {
  return state_.with([&](Holder& h) { return h.s->group_orphaned(group.value); });
}

void ProcessTree::State::forget(i32 pid) {
  Opt<Node> n = nodes.remove(pid);
  if (!n) return;
  n->process.ended(Fate::reaped);
  leave_group(pid, n->group);
  nodes.with(n->parent, [&](Node& p) {
    p.children.remove(pid);
    p.waitable.remove(pid);
  });
  drop_id(pid);
}

void ProcessTree::State::put_waitable(i32 child) {
  i32 parent = 0;
  Map<i32, u8>::Loose entry{};
  nodes.with(child, [&](Node& n) {
    parent = n.parent;
    entry = std::move(n.event_entry);
  });
  nodes.with(parent, [&](Node& n) { n.waitable.insert(entry); });
}

void ProcessTree::State::take_waitable(i32 child) {
  i32 parent = 0;
  nodes.with(child, [&](Node& n) { parent = n.parent; });
  Map<i32, u8>::Loose entry{};
  nodes.with(parent, [&](Node& n) { entry = n.waitable.extract(child); });
  if (entry.empty()) return;
  nodes.with(child, [&](Node& n) { n.event_entry = std::move(entry); });
}

i32 ProcessTree::State::move_child(i32 child, i32 dying, i32 heir, Piece& piece) {
  bool zombie = false;
  i32 group = 0;
  nodes.with(child, [&](Node& n) {
    n.parent = heir;
    n.process.set_parent(Pid{heir});
    // As on Linux: whoever gets a child like this waits for one that ends with SIGCHLD.
    n.process.set_exit_signal(sig::chld);
    zombie = n.zombie;
    group = n.group->id().value;
    if (!n.zombie && n.process->wants_parent_death()) piece.bereaved.push_back(n.process.dup());
  });
  Map<i32, u8>::Loose entry{}, waitable{};
  nodes.with(dying, [&](Node& n) {
    entry = n.children.extract(child);
    waitable = n.waitable.extract(child);
  });
  nodes.with(heir, [&](Node& n) {
    n.children.insert(entry);
    n.waitable.insert(waitable);
    if (zombie) n.process.child_event();
  });
  return group;
}

Opt<Ref<ProcessGroup>> ProcessTree::State::stopped_orphans(i32 group) {
  if (!group_orphaned(group)) return none;
  Opt<Ref<ProcessGroup>> found{};
  groups.with(group, [&](GroupNode& g) {
    g.members.each([&](const i32& m, u8&) {
      nodes.with(m, [&](Node& q) {
        if (!q.zombie && q.process->stopped()) found = g.group;
      });
      return found ? Walk::stop : Walk::go;
    });
  });
  return found;
}

// Children go to the nearest subreaper or init; groups that lose their last outside parent are told when stopped. The last of a
// group to move finds it orphaned.
bool ProcessTree::State::move_children(i32 dying, Piece& piece) {
  const i32 heir = new_parent_for(dying);
  i32 own = 0;
  nodes.with(dying, [&](Node& n) { own = n.group->id().value; });
  Vec<i32, Piece::kMost> touched{};
  for (usize left = Piece::kMost; left != 0; --left) {
    Opt<i32> child{};
    nodes.with(dying, [&](Node& n) { child = n.children.first_key(); });
    if (!child) break;
    const i32 g = move_child(*child, dying, heir, piece);
    if (!touched.index_of(g)) touched.push_back(g);
  }
  for (const i32& g : touched) {
    if (g == own) continue;
    Opt<Ref<ProcessGroup>> told = stopped_orphans(g);
    if (told) piece.hang_up.push_back(std::move(told).value());
  }
  return !touched.empty();
}

void ProcessTree::State::end(const Process& p, ExitStatus status, const Usage& usage, Piece& piece) {
  const i32 pid = p.pid().value;
  i32 parent = 0, group = 0;
  nodes.with(pid, [&](Node& n) {
    n.zombie = true;
    n.process.ended(Fate::zombie);
    n.status = status;
    n.usage = usage;
    parent = n.parent;
    group = n.group->id().value;
  });
  if (traced.contains(pid) && !traced_by_parent(pid)) {
    tell_tracer(pid, (status.wait_status & 0x7f) == 0 ? kCldExited : (status.wait_status & 0x80) != 0 ? kCldDumped : kCldKilled, ending_of(status), usage);
    put_trace_ready(pid);
  }
  announce_if_due(pid);
  Opt<Ref<ProcessGroup>> told = stopped_orphans(group);
  if (told) piece.hang_up.push_back(std::move(told).value());
}

void ProcessTree::State::announce(i32 pid) {
  i32 parent = 0;
  Opt<Ref<Process>> p{};
  ExitStatus status{};
  Usage usage{};
  nodes.with(pid, [&](Node& n) {
    n.announced = true;
    parent = n.parent;
    p = n.process.ref();
    status = n.status;
    usage = n.usage;
  });
  if (!p) return;
  bool discard = parent == 0;
  const bool is_traced = traced.contains(pid);
  nodes.with(parent, [&](Node& n) {
    discard = !is_traced && parent_discards(**p, *n.process);
    notify_exit(**p, n.process, status, usage);
    if (discard) n.process.child_event();
  });
  if (!discard) put_waitable(pid);
  else if (parent != 0) forget(pid);
}

void ProcessTree::State::announce_if_due(i32 pid) {
  bool due = false;
  nodes.with(pid, [&](Node& n) { due = n.zombie && !n.announced; });
  if (due && !hidden(pid)) announce(pid);
}

void ProcessTree::exited(CapRef<Process, process::self> p, ExitStatus status, const Usage& usage) const {
  for (bool ended = false; !ended;) {
    Piece piece{};
    state_.with([&](Holder& h) {
      ended = !h.s->move_children(p->pid().value, piece);
      if (ended) h.s->end(*p, status, usage, piece);  // a zombie has no children, also for whoever collects it at once
    });
    // PR_SET_PDEATHSIG [prctl(2)].
    for (const Cap<Process, process::signal>& q : piece.bereaved)
      for (Opt<Ref<Thread>> t = q->next_thread(Pid{0}); t; t = q->next_thread((*t)->tid())) {
        const Signo s = (*t)->parent_death_signal();
        if (s.value != 0) static_cast<void>(q.send(SigInfo::kernel(s)).ok());
      }
    for (const Ref<ProcessGroup>& g : piece.hang_up) {
      g->signal(sig::hup);
      g->signal(sig::cont);
    }
  }
  p.words().exit_wait.wake_all();
}

void ProcessTree::abandoned(CapRef<Process, process::self> p, CapRef<Thread, thread::self> t, bool only_thread) const {
  if (only_thread) {
    Opt<TraceNode> mine = state_.with([&](Holder& h) { return h.s->untrace(t->tid().value); });
    return remove_thread(t);
  }
  remove_thread_keep_id(t);
  Opt<TraceNode> gone{};
  state_.with([&](Holder& h) {
    gone = h.s->untrace(p->pid().value);
    h.s->forget(p->pid().value);
  });
}

void ProcessTree::stopped(CapRef<Process, process::self> p, Signo s) const {
  const Usage usage = p->usage_self();  // not under the lock: it may be the last to let go of a thread or its memory
  state_.with([&](Holder& h) {
    i32 parent = 0;
    // A tracer that is the parent, too, sees the stops of the threads only.
    if (h.s->traced_by_parent(p->pid().value)) return;
    h.s->put_waitable(p->pid().value);
    h.s->nodes.with(p->pid().value, [&](Node& n) {
      n.stop_event = true;
      n.continue_event = false;
      n.stop_signal = static_cast<i32>(s.value);
      parent = n.parent;
    });
    h.s->nodes.with(parent, [&](Node& n) {
      if ((n.process->action(sig::chld).flags & sa::nocldstop) == 0)
        static_cast<void>(n.process.send(child_info(*p, kCldStopped, static_cast<i32>(s.value), usage, p->real_uid())).ok());
      n.process.child_event();
    });
  });
}

void ProcessTree::continued(CapRef<Process, process::self> p) const {
  const Usage usage = p->usage_self();
  state_.with([&](Holder& h) {
    i32 parent = 0;
    h.s->put_waitable(p->pid().value);
    h.s->nodes.with(p->pid().value, [&](Node& n) {
      n.continue_event = true;
      n.stop_event = false;
      parent = n.parent;
    });
    h.s->nodes.with(parent, [&](Node& n) {
      if ((n.process->action(sig::chld).flags & sa::nocldstop) == 0)
        static_cast<void>(n.process.send(child_info(*p, kCldContinued, static_cast<i32>(sig::cont.value), usage, p->real_uid())).ok());
      n.process.child_event();
    });
  });
}

bool ProcessTree::State::eligible(i32 pid, const WaitFor& what) const {
  bool ok = false;
  nodes.with(pid, [&](const Node& n) {
    const bool clone_child = n.process->exit_signal() != sig::chld;
    ok = (what.who == WaitFor::Who::any || (what.who == WaitFor::Who::pid && pid == what.id.value) ||
          (what.who == WaitFor::Who::group && n.group->id() == what.id)) &&
         (what.all || clone_child == what.clones);
  });
  return ok;
}

Result<Opt<ChildEvent>> ProcessTree::collect(CapRef<Process, process::wait> caller, const WaitFor& what) const {
  Opt<Ref<Process>> reaped{}, living{};
  Opt<TraceNode> traced{};
  Result<Opt<ChildEvent>> result = state_.with([&](Holder& h) -> Result<Opt<ChildEvent>> {
    State& s = *h.s;
    // One named child, or all that have something to tell, by rising number; those are looked up one after the other.
    const bool one = what.who == WaitFor::Who::pid;
    const auto next = [&](Opt<i32> after) {
      Opt<i32> k{};
      s.nodes.with(caller->pid().value, [&](Node& n) {
        if (one) k = after || !n.children.contains(what.id.value) ? Opt<i32>() : Opt<i32>(what.id.value);
        else k = after ? n.waitable.upper_bound(*after) : n.waitable.first_key();
      });
      return k;
    };
    bool any_child = false;
    for (Opt<i32> k = next(none); k; k = next(k)) {
      const i32 c = *k;
      if (!s.eligible(c, what)) continue;
      any_child = true;
      Opt<ChildEvent> event{};
      bool forget = false, settled = false;
      s.nodes.with(c, [&](Node& n) {
        ChildEvent e{};
        e.pid = Pid{c};
        e.uid = n.process->real_uid();
        e.usage = n.usage;  // set when it ended
        if (n.zombie && n.announced && what.exited) {
          e.kind = ChildEvent::Kind::exited;
          e.wait_status = n.status.wait_status;
          forget = !what.keep;
        } else if (n.stop_event && what.stopped) {
          e.kind = ChildEvent::Kind::stopped;
          e.wait_status = n.stop_signal << 8 | 0x7f;
          if (!what.keep) n.stop_event = false;
        } else if (n.continue_event && what.continued) {
          e.kind = ChildEvent::Kind::continued;
          e.wait_status = 0xffff;
          if (!what.keep) n.continue_event = false;
        } else {
          return;
        }
        settled = !n.zombie && !n.stop_event && !n.continue_event;
        event = e;
        if (forget) reaped = n.process.ref();
        if (!n.zombie) living = n.process.ref();
      });
      if (!event) continue;
      if (forget) {
        caller.add_children_usage(event->usage);
        traced = s.untrace(c);
        s.forget(c);
      } else if (settled) {
        s.take_waitable(c);
      }
      return event;
    }
    // Then those that it traces.
    const auto next_ready = [&](Opt<i32> after) {
      Opt<i32> k{};
      s.nodes.with(caller->pid().value, [&](Node& n) {
        if (one) k = after || !n.tracees.contains(what.id.value) ? Opt<i32>() : Opt<i32>(what.id.value);
        else k = after ? n.trace_ready.upper_bound(*after) : n.trace_ready.first_key();
      });
      return k;
    };
    for (Opt<i32> k = next_ready(none); k; k = next_ready(k)) {
      if (!s.tracee_matches(*k, what)) continue;
      any_child = true;
      Opt<ChildEvent> event = s.tracee_event(*k, what, traced, reaped);
      if (event) return event;
    }
    if (!any_child && !one)
      s.nodes.with(caller->pid().value, [&](Node& n) { n.tracees.each([&](const i32& tid, u8&) { any_child = any_child || s.tracee_matches(tid, what); }); });
    if (!any_child && !one)  // only then look at the children that have nothing to tell
      s.nodes.with(caller->pid().value, [&](Node& n) { n.children.each([&](const i32& pid, u8&) { any_child = any_child || s.eligible(pid, what); }); });
    if (!any_child) return Errc::no_child;
    return Opt<ChildEvent>();
  });
  // Not under the lock: this may be the last to let go of a thread or its memory.
  if (living && result.ok() && result.value()) result.value()->usage = (*living)->usage_self();
  return result;
}

void Session::hang_up() const {
  const Opt<Ref<ProcessTree>> tree = tree_.lock();
  if (!tree) return;
  const Opt<Cap<Process, process::signal>> leader = (*tree)->signalled(id_);
  if (!leader) return;
  static_cast<void>((*leader).send(SigInfo::kernel(sig::hup)).ok());
  static_cast<void>((*leader).send(SigInfo::kernel(sig::cont)).ok());
}

void ProcessGroup::signal(Signo s) const {
  const Opt<Ref<ProcessTree>> tree = tree_.lock();
  if (!tree) return;
  const Pid last = (*tree)->highest();  // who is born meanwhile may come in or not, but does not keep this going
  for (Opt<Cap<Process, process::signal>> p = (*tree)->next_signalled(id_, Pid{0}); p && (*p)->pid() <= last; p = (*tree)->next_signalled(id_, (*p)->pid()))
    if (!(*p)->exiting() || (*p)->any_thread()) static_cast<void>((*p).send(SigInfo::kernel(s)).ok());
}
bool ProcessGroup::orphaned() const {
  const Opt<Ref<ProcessTree>> tree = tree_.lock();
  return !tree || (*tree)->group_orphaned(id_);
}
bool ProcessGroup::empty() const {
  const Opt<Ref<ProcessTree>> tree = tree_.lock();
  return !tree || (*tree)->group_empty(id_);
}

}  // namespace svc::proc
