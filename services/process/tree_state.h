// SPDX-License-Identifier: MPL-2.0
// What ProcessTree keeps under its lock. Private to tree*.cpp.
#pragma once
#include <services/process/groups.h>

namespace svc::proc {

inline constexpr i32 kPidMax = 32768;      // /proc/sys/kernel/pid_max of a small Linux machine
inline constexpr i32 kFirstReused = 300;   // as Linux: low ids are not reused after the first round

struct ProcessTree::Node {
  explicit Node(Ref<Process> p, Ref<ProcessGroup> g) : process(std::move(p)), group(std::move(g)) {}
  Ref<Process> process;
  Ref<ProcessGroup> group;
  i32 parent = 0;
  Map<i32, u8> children{};    // pids
  Map<i32, u8> waitable{};    // children with something for wait(2)
  bool zombie = false;
  bool stop_event = false;
  bool continue_event = false;
  i32 stop_signal = 0;
  ExitStatus status{};
  Usage usage{};
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
  // Adds it to `bereaved` when it wants a signal for the death of its parent.
  i32 move_child(i32 child, i32 heir, Vec<Ref<Process>>& bereaved);
  // Adds the processes of a group that is orphaned and has a stopped member: they get SIGHUP and SIGCONT.
  void find_stopped_orphans(i32 group, Vec<Ref<Process>>& found);
};

}  // namespace svc::proc
