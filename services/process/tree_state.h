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
};

}  // namespace svc::proc
