// SPDX-License-Identifier: MPL-2.0
// Access: what one process may do to another, by Linux's rules. One function decides each kind of question, and gives what it has
// allowed as a capability; there is no other way to get rights on an existing process or thread.
#pragma once
#include <services/process/caller.h>

namespace svc::proc {

class Access {
 public:
  // [kill(2)]: signal for the same user and CAP_KILL; resume also within one's session. May be no right at all.
  static DynCap<Process> signal(const Caller& who, Ref<Process> to);
  // [sched_setscheduler(2), setpriority(2), capabilities(7)]: the effective user is its owner and has its capabilities, or
  // CAP_SYS_NICE. Errors: not_permitted.
  static Result<Cap<Thread, thread::schedule>> schedule(const Context& who, Ref<Thread> to);
  // [ioprio_set(2)]: its real user is the caller's real or effective one, or CAP_SYS_NICE. Errors: not_permitted.
  static Result<Cap<Thread, thread::io_rank>> io_rank(const Context& who, Ref<Thread> to);
  // [prlimit(2)], of the process: the same user and group in all ids, or CAP_SYS_RESOURCE. Errors: not_permitted.
  static Result<Cap<Process, process::limit>> limit(const Context& who, const Thread& to);
  // [proc(5) oom_score_adj]: who could open the file for writing; less than before needs CAP_SYS_RESOURCE. Errors: access_denied.
  static Result<Cap<Process, process::adjust>> adjust(const Context& who, Ref<Process> to, i32 before, i32 after);
  // [ptrace(2) "Ptrace access mode checking"]: by the ids for files, or the real ones. Errors: access_denied.
  enum class Ids : u8 { files, real };
  static Result<Cap<Thread, thread::trace>> trace(const Context& who, Ref<Thread> to, Ids ids);
  // [ptrace(2)] to attach to it: a thread of another process that may be traced by the real ids. Errors: not_permitted.
  static Result<Cap<Thread, thread::tracer>> attach(const Context& who, Ref<Thread> to);
  // The same of a process whose leader has ended: whether its exit status may be seen. Errors: access_denied.
  static Status trace_ended(const Context& who, const Process& to);
  // A thread of the caller's own process. Errors: invalid_argument.
  static Result<Cap<Thread, thread::self>> sibling(const Context& who, Ref<Thread> to);
  // The running thread and its process on themselves; nothing if who is not what runs.
  struct Running {
    Cap<Thread, thread::all> thread;
    Cap<Process, process::own> process;
  };
  static Opt<Running> running(const Context& who, const ProcessTree& tree);

 private:
  static bool may_trace(const Context& who, const Process& p, const Credentials& cred, Ids ids);
};

}  // namespace svc::proc
