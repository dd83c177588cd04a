// SPDX-License-Identifier: MPL-2.0
// ProcessTree: who is whose parent, groups, sessions, ids, zombies and the events that wait(2) collects. One spinlock
// (kProcessTree), short sections, work proportional to what changes, never to the number of processes. It looks up processes and
// threads without rights; those it has itself on its members it got from their makers (add).
#pragma once
#include <base/hash_map.h>
#include <base/map.h>
#include <services/process/process.h>

namespace svc::proc {

class ProcessGroup;
class Session;

struct ChildEvent {
  enum class Kind : u8 { exited, stopped, continued, trapped } kind = Kind::exited;
  Pid pid{};
  Uid uid{};
  i32 wait_status = 0;
  Usage usage{};
};

struct WaitFor {
  enum class Who : u8 { any, pid, group } who = Who::any;
  Pid id{};
  bool exited = true, stopped = false, continued = false;
  bool keep = false;                       // WNOWAIT
  bool clones = false, all = false;        // __WCLONE, __WALL
};

class ProcessTree final : public RefCounted {
 public:
  ProcessTree() = default;
  // ---- ids ----
  Result<Pid> allocate_id() const;                    // again when none is left (pid_max 32768 by default; 4194304 at most)
  void free_id(Pid p) const;
  Opt<Ref<Thread>> thread(Pid tid) const;
  Opt<Ref<Process>> process(Pid pid) const;           // alive or zombie
  void add_thread(CapRef<Thread, thread::self> t) const;
  void remove_thread(CapRef<Thread, thread::self> t) const;
  void remove_thread_keep_id(CapRef<Thread, thread::self> t) const;          // the leader: its id stays in use until the process is collected
  void rename_thread(Pid from, CapRef<Thread, thread::self> t) const;

  // ---- relations ----
  // A new process: child of parent, in its group and session. The first process makes its own.
  void add(Cap<Process, process::member> p, Opt<Ref<Process>> parent, Ref<ProcessGroup> group) const;
  Opt<Ref<Process>> parent(const Process& p) const;
  Opt<Ref<ProcessGroup>> group_of(const Process& p) const;
  Opt<Ref<ProcessGroup>> find_group(Pid id) const;
  // The member with the next higher number, zombies too: a group can be too long for a list. The tree may change meanwhile.
  Opt<Ref<Process>> next_in_group(Pid group, Pid after) const;
  bool group_empty(Pid group) const;
  bool group_orphaned(Pid group) const;
  // Session and group of the very first process; ties the tree to its own reference.
  static Ref<ProcessGroup> first_group(const Ref<ProcessTree>& self, Pid pid);
  // The process with the next higher number, zombies too; the highest number in use.
  Opt<Ref<Process>> next(Pid after) const;
  Pid highest() const;
  // setpgid(2), setsid(2): errors as there.
  Status set_group(CapRef<Process, process::self> caller, Pid pid, Pid pgid) const;
  Result<Pid> new_session(CapRef<Process, process::self> p) const;

  // ---- end of life ----
  // p has no threads left: becomes a zombie or vanishes (parent ignores SIGCHLD), its children go to the nearest subreaper or
  // init, orphaned stopped groups get SIGHUP and SIGCONT. Signals and wakes the parent. Needs no memory.
  void exited(CapRef<Process, process::self> p, ExitStatus status, const Usage& usage) const;
  // A child whose first thread could not be started: as if it had never been.
  void abandoned(CapRef<Process, process::self> p, CapRef<Thread, thread::self> t, bool only_thread) const;
  void stopped(CapRef<Process, process::self> p, Signo s) const;      // parent: SIGCHLD CLD_STOPPED unless SA_NOCLDSTOP, event
  void continued(CapRef<Process, process::self> p) const;
  // Collects one event of the caller's children. no_child: there is none that could match; nothing: not yet.
  Result<Opt<ChildEvent>> collect(CapRef<Process, process::wait> caller, const WaitFor& what) const;

  // ---- tracing (tree_trace.cpp) [ptrace(2)]: a thread traces threads; its whole process waits for them ----
  struct Tracer { Pid thread{}, process{}; bool privileged = false; };  // it could attach to set-id programs
  // Errors: not_permitted (has a tracer, has ended).
  Status attach(const Tracer& by, Cap<Thread, thread::tracer> t, const Ref<Tracee>& shared) const;
  Opt<Tracer> tracer_of(const Thread& t) const;
  // A tracee of that thread. Errors: no_process (not hers; must be stopped and is not).
  enum class Must : u8 { exist, stopped };
  Result<Cap<Thread, thread::tracer>> tracee(const Thread& tracer, Pid tid, Must m) const;
  // It goes on with that signal (0: none), watched like that. Errors: no_process.
  Status trace_resume(const Thread& tracer, Pid tid, u32 signal, u32 watch) const;
  Status trace_listen(const Thread& tracer, Pid tid) const;
  Status detach(const Thread& tracer, Pid tid, u32 signal) const;
  // The tracer's thread ends: its tracees go on, or end.
  void tracer_ends(const Thread& tracer) const;
  // The thread stops: its tracer is told. False: it has none, or is being killed and does not stop.
  bool trace_stopped(CapRef<Thread, thread::self> t, u32 code, bool group, bool ending) const;
  void trace_left(CapRef<Thread, thread::self> t) const;
  // A thread that is not the last of its process has ended.
  // True: its process has tracees.
  bool thread_ended(CapRef<Thread, thread::self> t, ExitStatus status, const Usage& usage) const;

  usize process_count() const;
  usize thread_count() const;
  Pid last_pid() const;
  u64 created() const;                                // threads ever, since boot

 private:
  // Terminals signal what they know of: the tree lends them its rights.
  friend class ProcessGroup;
  friend class Session;
  Opt<Cap<Process, process::signal>> signalled(Pid pid) const;
  Opt<Cap<Process, process::signal>> next_signalled(Pid group, Pid after) const;
  struct Node;
  struct TraceNode;
  struct Piece;
  struct State;
  struct Holder { Own<State> s; Holder(); Holder(Holder&&) noexcept; ~Holder(); };
  SpinLocked<Holder, rank::kProcessTree> state_;
};

}  // namespace svc::proc
