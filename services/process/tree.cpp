// SPDX-License-Identifier: MPL-2.0
// ProcessTree: ids, groups, sessions and lookups. The end of processes is in tree_exit.cpp.
#include <services/process/groups.h>
#include <services/process/tree_state.h>

namespace svc::proc {

ProcessTree::Holder::Holder() : s(make_own<State>()) {}
ProcessTree::Holder::Holder(Holder&&) noexcept = default;
ProcessTree::Holder::~Holder() = default;

Result<Pid> ProcessTree::allocate_id() const {
  return state_.with([](Holder& h) -> Result<Pid> {
    State& s = *h.s;
    // Next fit: ids are not reused soon. The bound makes a full table an error, not a loop.
    for (i32 tries = 0; tries < kPidMax; ++tries) {
      s.last_id = s.last_id + 1 < kPidMax ? s.last_id + 1 : kFirstReused;
      if (!s.ids.insert(s.last_id, 1)) continue;
      ++s.created;
      return Pid{s.last_id};
    }
    return Errc::again;
  });
}

void ProcessTree::State::hold_id(i32 id) {
  if (!ids.with(id, [](u32& n) { ++n; })) ids.insert(id, 1);
}
void ProcessTree::State::drop_id(i32 id) {
  bool gone = false;
  ids.with(id, [&](u32& n) { gone = --n == 0; });
  if (gone) ids.remove(id);
}

u64 ProcessTree::created() const {
  return state_.with([](Holder& h) { return h.s->created; });
}

void ProcessTree::free_id(Pid p) const {
  state_.with([&](Holder& h) { h.s->drop_id(p.value); });
}

Opt<Ref<Thread>> ProcessTree::thread(Pid tid) const {
  return state_.with([&](Holder& h) { return h.s->threads.get(tid.value); });
}

Opt<Ref<Process>> ProcessTree::process(Pid pid) const {
  return state_.with([&](Holder& h) {
    Opt<Ref<Process>> found{};
    h.s->nodes.with(pid.value, [&](Node& n) { found = n.process.ref(); });
    return found;
  });
}

void ProcessTree::add_thread(CapRef<Thread, thread::self> t) const {
  state_.with([&](Holder& h) { h.s->threads.put(t->tid().value, ref_of(*t)); });
}

void ProcessTree::remove_thread(CapRef<Thread, thread::self> which) const {
  const Pid tid = which->tid();
  Opt<Ref<Thread>> gone = state_.with([&](Holder& h) {
    Opt<Ref<Thread>> t = h.s->threads.remove(tid.value);
    if (t) h.s->drop_id(tid.value);
    return t;
  });
}

void ProcessTree::remove_thread_keep_id(CapRef<Thread, thread::self> which) const {
  const Pid tid = which->tid();
  Opt<Ref<Thread>> gone = state_.with([&](Holder& h) { return h.s->threads.remove(tid.value); });
}

void ProcessTree::rename_thread(Pid from, CapRef<Thread, thread::self> t) const {
  Opt<TraceNode> leader{};
  Opt<Ref<Thread>> old = state_.with([&](Holder& h) {
    State& s = *h.s;
    Opt<Ref<Thread>> gone = s.threads.remove(from.value);
    s.drop_id(from.value);
    // A tracer of the leader is told nothing of its end; one of this thread knows it by its new number.
    leader = s.untrace(t->tid().value);
    if (leader) s.nodes.with(leader->by.process.value, [](Node& n) { n.process.child_event(); });
    Opt<TraceNode> mine = s.untrace(from.value);
    if (mine) {
      const i32 tracer = mine->by.process.value;
      mine->ready = Map<i32, u8>::Loose(t->tid().value, 0);
      s.traced.insert(t->tid().value, std::move(*mine));
      s.nodes.with(tracer, [&](Node& n) { n.tracees.insert(t->tid().value, 0); });
    }
    return gone;
  });
  Opt<Ref<Thread>> replaced = state_.with([&](Holder& h) { return h.s->threads.put(t->tid().value, ref_of(*t)); });
}

void ProcessTree::add(Cap<Process, process::member> p, Opt<Ref<Process>> parent, Ref<ProcessGroup> group) const {
  state_.with([&](Holder& h) {
    State& s = *h.s;
    const i32 pid = p->pid().value;
    const i32 above = parent ? (*parent)->pid().value : 0;
    p.set_parent(Pid{above});
    p.set_group(group->id());
    p.set_session(group->session_id());
    Node n(std::move(p), group);
    n.event_entry = Map<i32, u8>::Loose(pid, 0);
    n.parent = above;
    s.nodes.insert(pid, std::move(n));
    if (parent) s.nodes.with((*parent)->pid().value, [&](Node& q) { q.children.insert(pid, 0); });
    s.join_group(pid, group);
  });
}

void ProcessTree::State::join_group(i32 pid, const Ref<ProcessGroup>& group) {
  const i32 id = group->id().value;
  if (!groups.contains(id)) {
    hold_id(id);
    hold_id(group->session_id().value);
    groups.insert(id, GroupNode(group));
  }
  groups.with(id, [&](State::GroupNode& g) { g.members.insert(pid, 0); });
}

void ProcessTree::State::leave_group(i32 pid, const Ref<ProcessGroup>& group) {
  const i32 id = group->id().value;
  bool empty = false;
  groups.with(id, [&](State::GroupNode& g) {
    g.members.remove(pid);
    empty = g.members.empty();
  });
  if (!empty) return;
  groups.remove(id);
  drop_id(id);
  drop_id(group->session_id().value);
}

Opt<Ref<Process>> ProcessTree::parent(const Process& p) const { return process(p.parent_pid()); }

Opt<Ref<ProcessGroup>> ProcessTree::group_of(const Process& p) const {
  return state_.with([&](Holder& h) {
    Opt<Ref<ProcessGroup>> g{};
    h.s->nodes.with(p.pid().value, [&](Node& n) { g = n.group; });
    return g;
  });
}

Opt<Ref<ProcessGroup>> ProcessTree::find_group(Pid id) const {
  return state_.with([&](Holder& h) {
    Opt<Ref<ProcessGroup>> g{};
    h.s->groups.with(id.value, [&](State::GroupNode& n) { g = n.group; });
    return g;
  });
}

Opt<Cap<Process, process::signal>> ProcessTree::signalled(Pid pid) const {
  return state_.with([&](Holder& h) {
    Opt<Cap<Process, process::signal>> found{};
    h.s->nodes.with(pid.value, [&](Node& n) { found = Opt<Cap<Process, process::signal>>(n.process.dup()); });
    return found;
  });
}
Opt<Cap<Process, process::signal>> ProcessTree::next_signalled(Pid group, Pid after) const {
  return state_.with([&](Holder& h) {
    State& s = *h.s;
    Opt<Cap<Process, process::signal>> found{};
    s.groups.with(group.value, [&](State::GroupNode& g) {
      for (Opt<i32> k = g.members.upper_bound(after.value); k && !found; k = g.members.upper_bound(*k))
        s.nodes.with(*k, [&](Node& n) { found = Opt<Cap<Process, process::signal>>(n.process.dup()); });
    });
    return found;
  });
}

Opt<Ref<Process>> ProcessTree::next_in_group(Pid group, Pid after) const {
  return state_.with([&](Holder& h) {
    State& s = *h.s;
    Opt<Ref<Process>> found{};
    s.groups.with(group.value, [&](State::GroupNode& g) {
      for (Opt<i32> k = g.members.upper_bound(after.value); k && !found; k = g.members.upper_bound(*k))
        s.nodes.with(*k, [&](Node& n) { found = n.process.ref(); });
    });
    return found;
  });
}

bool ProcessTree::group_empty(Pid group) const {
  return state_.with([&](Holder& h) { return !h.s->groups.contains(group.value); });
}

Opt<Ref<Process>> ProcessTree::next(Pid after) const {
  return state_.with([&](Holder& h) {
    State& s = *h.s;
    Opt<Ref<Process>> found{};
    // Not every number is a process.
    for (Opt<i32> k = s.ids.upper_bound(after.value); k && !found; k = s.ids.upper_bound(*k))
      s.nodes.with(*k, [&](Node& n) { found = n.process.ref(); });
    return found;
  });
}
Pid ProcessTree::highest() const {
  return state_.with([](Holder& h) {
    const Opt<i32> k = h.s->ids.last_key();
    return Pid{k ? *k : 0};
  });
}

// setpgid(2). Errors in Linux's order: ESRCH, EPERM (other session), EACCES (has exec'd), EPERM (leader, no such group).
Status ProcessTree::set_group(CapRef<Process, process::self> caller, Pid pid, Pid pgid) const {
  return state_.with([&](Holder& h) -> Status {
    State& s = *h.s;
    const i32 me = caller->pid().value;
    const i32 target = pid.value == 0 ? me : pid.value;
    const i32 wanted = pgid.value == 0 ? target : pgid.value;
    Opt<Ref<Process>> p{};
    Opt<Ref<ProcessGroup>> old{};
    i32 parent = 0;
    s.nodes.with(target, [&](Node& n) {
      p = n.process.ref();
      old = n.group;
      parent = n.parent;
    });
    if (!p) return Errc::no_process;
    const i32 my_sid = caller->session().value;
    if (target != me) {
      if (parent != me) return Errc::no_process;
      if ((*p)->session().value != my_sid) return Errc::not_permitted;
      if ((*p)->did_exec()) return Errc::access_denied;
    }
    if ((*p)->session().value == target) return Errc::not_permitted;
    Opt<Ref<ProcessGroup>> next{};
    if (wanted != target) {
      s.groups.with(wanted, [&](State::GroupNode& g) { next = g.group; });
      if (!next || (*next)->session_id().value != my_sid) return Errc::not_permitted;
    } else {
      s.groups.with(wanted, [&](State::GroupNode& g) { next = g.group; });
      if (!next) next = make_ref<ProcessGroup>(Pid{wanted}, (*old)->session(), s.self);
    }
    if ((*next)->id() == (*old)->id()) return Ok();
    s.join_group(target, *next);
    s.leave_group(target, *old);
    s.nodes.with(target, [&](Node& n) {
      n.group = *next;
      n.process.set_group(Pid{wanted});
    });
    return Ok();
  });
}

Result<Pid> ProcessTree::new_session(CapRef<Process, process::self> p) const {
  return state_.with([&](Holder& h) -> Result<Pid> {
    State& s = *h.s;
    const i32 pid = p->pid().value;
    if (s.groups.contains(pid)) return Errc::not_permitted;  // it leads a group
    Opt<Ref<ProcessGroup>> old{};
    s.nodes.with(pid, [&](Node& n) { old = n.group; });
    const Ref<Session> session = make_ref<Session>(Pid{pid}, s.self);
    const Ref<ProcessGroup> group = make_ref<ProcessGroup>(Pid{pid}, session, s.self);
    s.join_group(pid, group);
    if (old) s.leave_group(pid, *old);
    s.nodes.with(pid, [&](Node& n) {
      n.group = group;
      n.process.set_group(Pid{pid});
      n.process.set_session(Pid{pid});
    });
    return Pid{pid};
  });
}

Ref<ProcessGroup> ProcessTree::first_group(const Ref<ProcessTree>& self, Pid pid) {
  self->state_.with([&](Holder& h) { h.s->self = Weak<ProcessTree>(self); });
  const Ref<Session> session = make_ref<Session>(pid, Weak<ProcessTree>(self));
  return make_ref<ProcessGroup>(pid, session, Weak<ProcessTree>(self));
}

usize ProcessTree::process_count() const {
  return state_.with([](Holder& h) { return h.s->nodes.size(); });
}
usize ProcessTree::thread_count() const {
  return state_.with([](Holder& h) { return h.s->threads.size(); });
}
Pid ProcessTree::last_pid() const {
  return state_.with([](Holder& h) { return Pid{h.s->last_id}; });
}

}  // namespace svc::proc
