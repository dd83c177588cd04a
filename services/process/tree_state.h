// SPDX-License-Identifier: MPL-2.0
// What ProcessTree keeps under its lock. Private to tree*.cpp.
#pragma once
#include <services/process/groups.h>

namespace svc::proc {

inline constexpr i32 kPidMax = 32768;      // /proc/sys/kernel/pid_max of a small Linux machine
inline constexpr i32 kFirstReused = 300;   // as Linux: low ids are not reused after the first round

struct ProcessTree::Node {
  explicit Node(Cap<Process, process::member> p, Ref<ProcessGroup> g) : process(std::move(p)), group(std::move(g)) {}
  Cap<Process, process::member> process;
  Ref<ProcessGroup> group;
  i32 parent = 0;
  Map<i32, u8> children{};    // pids
  Map<i32, u8> waitable{};    // children with something for wait(2)
  Map<i32, u8>::Loose event_entry{};  // for the parent's `waitable`, made at birth since ending must not need memory; empty: in there
  bool zombie = false;
  bool stop_event = false;
  bool continue_event = false;
  i32 stop_signal = 0;
  ExitStatus status{};
  Usage usage{};
  Map<i32, u8> tracees{};     // threads that those of this process trace
  Map<i32, u8> trace_ready{}; // those with something for wait(2)
  u32 unreaped = 0;           // traced threads of this process that have ended and whose tracers do not know yet
  bool announced = false;     // zombie: its parent knows
};

// One traced thread. It outlives the thread until the tracer has seen the end.
struct ProcessTree::TraceNode {
  explicit TraceNode(Cap<Thread, thread::tracer> t, Ref<Tracee> s, const Tracer& b) : thread(std::move(t)), shared(std::move(s)), by(b) {}
  Cap<Thread, thread::tracer> thread;
  Ref<Tracee> shared;
  Tracer by;
  u32 code = 0;               // of the stop that the tracer has not waited for; 0: none
  bool ended = false;         // not the last thread of its process; what wait(2) gives is here
  ExitStatus status{};
  Usage usage{};
  Map<i32, u8>::Loose ready{};  // for the tracer's trace_ready; empty: in there
};

// Who is to be told of the end of a process, outside the lock. A few at a time: some have thousands of children.
struct ProcessTree::Piece {
  static constexpr usize kMost = 16;
  Vec<Cap<Process, process::signal>, kMost> bereaved{};      // children that may want a signal for the death of their parent
  Vec<Ref<ProcessGroup>, kMost> hang_up{};  // groups that get SIGHUP and SIGCONT
};

struct ProcessTree::State {
  struct GroupNode {
    explicit GroupNode(Ref<ProcessGroup> g) : group(std::move(g)) {}
    Ref<ProcessGroup> group;
    Map<i32, u8> members{};
  };
  HashMap<i32, Node> nodes{};
  HashMap<i32, Ref<Thread>> threads{};
  HashMap<i32, GroupNode> groups{};
  HashMap<i32, TraceNode> traced{};
  Map<i32, u32> ids{};    // how many uses an id has: thread, group, session
  i32 last_id = 0;
  u64 created = 0;
  Weak<ProcessTree> self{};

  void hold_id(i32 id);
  void drop_id(i32 id);
  void join_group(i32 pid, const Ref<ProcessGroup>& group);
  void leave_group(i32 pid, const Ref<ProcessGroup>& group);
  void forget(i32 pid);                          // a collected or ignored zombie
  bool group_orphaned(i32 group);
  bool eligible(i32 pid, const WaitFor& what) const;
  i32 new_parent_for(i32 dying);
  void put_waitable(i32 child);   // the parent has something to wait for
  void take_waitable(i32 child);  // not any more
  // The group if it is orphaned and has a stopped member: it gets SIGHUP and SIGCONT.
  Opt<Ref<ProcessGroup>> stopped_orphans(i32 group);
  // Moves a few of a dying process's children to another parent; false: it has none.
  bool move_children(i32 dying, Piece& piece);
  i32 move_child(i32 child, i32 dying, i32 heir, Piece& piece);  // the child's group
  void end(const Process& p, ExitStatus status, const Usage& usage, Piece& piece);
  // The zombie's parent is told, now that nobody else is to know first.
  void announce(i32 pid);
  void announce_if_due(i32 pid);
  bool hidden(i32 pid) const;                        // from its parent: a tracer has not seen its end
  bool traced_by_parent(i32 pid) const;
  void put_trace_ready(i32 tid);
  void take_trace_ready(i32 tid);
  // No longer traced; the caller drops it outside the lock.
  Opt<TraceNode> untrace(i32 tid);
  Opt<ChildEvent> tracee_event(i32 tid, const WaitFor& what, Opt<TraceNode>& gone, Opt<Ref<Process>>& reaped);
  bool tracee_matches(i32 tid, const WaitFor& what) const;
  void tell_tracer(i32 tid, i32 code, i32 status, const Usage& usage);
};

}  // namespace svc::proc
