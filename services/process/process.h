// SPDX-License-Identifier: MPL-2.0
// Process (a thread group) and Thread. Relations between processes (parent, children, group, session, zombies) are in
// ProcessTree (tree.h) under one short lock; everything else belongs to the process or thread and has a lock of its own.
#pragma once
#include <base/array.h>
#include <base/map.h>
#include <base/string.h>
#include <base/vec.h>
#include <ostd/reservation.h>
#include <ostd/sync.h>
#include <ostd/task.h>
#include <ostd/wait.h>
#include <services/base/credentials.h>
#include <services/base/job_control.h>
#include <services/fs/fd_table.h>
#include <services/fs/fs_context.h>
#include <services/process/signals.h>
#include <services/vm/vm.h>

namespace svc::proc {

class Process;
class Thread;
class ProcessTimers;
class System;

struct ResourceLimit { u64 soft = ~0ULL, hard = ~0ULL; };
enum class Resource : u8 { cpu, fsize, data, stack, core, rss, nproc, nofile, memlock, as, locks, sigpending, msgqueue, nice, rtprio, rttime, count_ };

struct Usage {  // getrusage(2)
  Duration user{}, system{};
  u64 peak_rss_pages = 0, minor_faults = 0, major_faults = 0, voluntary_switches = 0, involuntary_switches = 0;
  void add(const Usage& o);
};

// Exit status as wait(2) encodes it.
struct ExitStatus {
  i32 wait_status = 0;
  static ExitStatus exited(i32 code) { return {(code & 0xff) << 8}; }
  static ExitStatus killed(Signo s, bool core) { return {static_cast<i32>(s.value) | (core ? 0x80 : 0)}; }
};

class Thread final : public RefCounted {
 public:
  Thread(Pid tid, Ref<Process> process, Ref<vm::Vm> vm, Ref<fs::FdTable> files, Ref<fs::FsContext> fs, Ref<Credentials> cred);
  Pid tid() const { return {tid_.load(Order::relaxed)}; }
  const Ref<Process>& process() const [[clang::lifetimebound]] { return process_; }
  const Once<Ref<Task>>& task() const [[clang::lifetimebound]] { return task_; }
  // What the thread uses; replaced by exec, unshare, setuid ... by the thread itself only, read by others (procfs).
  // Nothing once it has ended.
  Opt<Ref<vm::Vm>> vm() const;
  Opt<Ref<fs::FdTable>> files() const;
  Opt<Ref<fs::FsContext>> fs() const;
  Ref<Credentials> credentials() const;
  void set_vm(Ref<vm::Vm> v) const;
  void set_files(Ref<fs::FdTable> f) const;
  void set_fs(Ref<fs::FsContext> f) const;
  void set_credentials(Ref<Credentials> c) const;
  // The thread ends: drops vm, files, fs (procfs then sees none).
  void drop_resources() const;

  // ---- signals (signal_send.cpp, signal_deliver.cpp) ----
  SigSet blocked() const;
  SigSet set_blocked(SigSet s) const;            // the old set; wakes nothing, re-evaluates pending
  SigSet pending() const;                        // thread and process
  struct AltStack { u64 sp = 0, size = 0; u32 flags = 2; };   // SS_DISABLE 2
  AltStack alt_stack() const;
  void set_alt_stack(const AltStack& a) const;

  struct SignalPart {
    SigSet blocked{};
    Opt<SigSet> saved{};                          // sigsuspend, ppoll: restored when no handler ran
    PendingSet pending{};
    SigSet awaited{};                             // sigtimedwait: wakes this thread even if blocked
    AltStack alt{};
    // What a child inherits.
    SignalPart mask_and_stack() const {
      SignalPart s{};
      s.blocked = blocked;
      s.alt = alt;
      return s;
    }
  };
  const SpinLocked<SignalPart, rank::kSignals>& signal_part() const [[clang::lifetimebound]] { return sig_; }

  // ---- misc words set by the thread itself ----
  Atomic<u64> clear_child_tid{0};
  Atomic<u64> robust_list{0};
  Atomic<u64> restart_deadline{0};               // restart block (restart.h): absolute deadline in nanoseconds
  Atomic<u32> restart_call{0};                   // and the number of the call; 0: nothing to restart
  Atomic<u64> faults_minor{0}, faults_major{0};
  Atomic<u32> personality{0}, timer_slack_ns{50000}, in_syscall{0};
  Atomic<u32> parent_death_signal{0};
  Atomic<u32> exiting{0};
  Atomic<u32> sched_reset_on_fork{0};
  Atomic<u32> traced{0};                          // bits of watch (call_counts.h): --strace, tests
  // Stop state, job control and ptrace: 1 while it is stopped.
  Atomic<u32> stopped{0};
  String name() const;                            // comm, at most 15 bytes
  void set_name(std::string_view n) const;
  Usage usage() const;
  Instant start_time() const { return start_; }
  ~Thread() override;

 private:
  friend class Process;
  struct Uses {
    Opt<Ref<vm::Vm>> vm{};
    Opt<Ref<fs::FdTable>> files{};
    Opt<Ref<fs::FsContext>> fs{};
    Opt<Ref<Credentials>> cred{};
    String name{};
  };
  Atomic<i32> tid_;
  Atomic<u32> counted_uid_;                       // whose RLIMIT_NPROC it counts against; changed by itself only
  Ref<Process> process_;
  Once<Ref<Task>> task_{};
  Instant start_;
  SpinLocked<Uses, rank::kLeaf> uses_;
  SpinLocked<SignalPart, rank::kSignals> sig_{};
};

class Process final : public RefCounted {
 public:
  Process(Pid pid, Ref<System> system, Ref<SigActions> actions, Ref<Account> account);
  Pid pid() const { return pid_; }
  const Ref<System>& system() const [[clang::lifetimebound]] { return system_; }
  const Ref<Account>& account() const [[clang::lifetimebound]] { return account_; }
  // Kept up to date by ProcessTree, readable without its lock.
  Pid parent_pid() const { return {parent_pid_.load(Order::relaxed)}; }
  Atomic<i32> parent_pid_{0}, pgid_{0}, sid_{0};

  // ---- threads ----
  void add_thread(const Ref<Thread>& t) const;
  // Takes it out; true when it was the last one.
  bool remove_thread(const Thread& t) const;
  // The thread with the next higher number; a walk of them all begins after 0. Threads may come and go meanwhile.
  Opt<Ref<Thread>> next_thread(Pid after) const;
  // f is called with rank kProcess held: it may take kSignals, not more; takes no memory.
  void each_thread(FnRef<void(const Ref<Thread>&)> f) const;
  usize thread_count() const;
  Opt<Ref<Thread>> leader() const;                // the thread with tid == pid while it exists
  Opt<Ref<Thread>> any_thread() const;
  // execve by the only thread that is left: it takes the leader's number.
  void take_leader_id(const Ref<Thread>& t) const;

  // ---- group exit ----
  // The first caller decides the status; every thread is disturbed with Disturb::kill.
  void begin_exit(ExitStatus s) const;
  bool exiting() const { return exit_.load(Order::acquire) != 0; }
  ExitStatus exit_status() const { return {exit_status_.load(Order::relaxed)}; }
  void set_exit_status(ExitStatus s) const { exit_status_.store(s.wait_status); }
  bool stopped() const;
  Uid real_uid() const;               // also of a zombie
  // The leader ends: its name and credentials stay readable, as long as there is a process.
  void keep_leader(const Thread& leader) const;
  String leader_name() const;
  Opt<Ref<Credentials>> leader_credentials() const;

  // ---- signals ----
  Ref<SigActions> actions() const;
  void set_actions(Ref<SigActions> a) const;
  struct SignalPart {
    PendingSet pending{};
    bool stopped = false;             // group stop: every thread waits in stop_wait until SIGCONT
    Signo stop_signal{};
    usize in_stop = 0;                // threads that wait there
    bool stop_reported = false;       // the last of them has told the parent
    bool continue_to_report = false;  // the first thread that wakes tells the parent
    u64 continues = 0;                // how many SIGCONTs were sent
  };
  const SpinLocked<SignalPart, rank::kSignals>& signal_part() const [[clang::lifetimebound]] { return sig_; }
  WaitQueue signal_wait{};            // sigtimedwait, signalfd hooks: woken when something becomes pending
  WaitQueue stop_wait{};              // threads of a stopped group sleep here until SIGCONT or SIGKILL
  WaitQueue child_events{};           // wait4: woken when a child exits, stops or continues
  WaitQueue exit_wait{};              // pidfd poll; exec waiting for its other threads

  Atomic<u32> unkillable{0};          // pid 1: signals without a handler do nothing, SIGKILL and SIGSTOP neither
  // Made when first needed (timers.h).
  const Once<Ref<ProcessTimers>>& timers() const [[clang::lifetimebound]] { return timers_; }
  Atomic<u32> cpu_timers{0};          // timers that run on this process's CPU time: the thread loop looks at them

  // ---- limits, usage ----
  ResourceLimit limit(Resource r) const;
  void set_limit(Resource r, ResourceLimit l) const;
  void copy_limits(const Process& from) const;
  Usage usage_self() const;           // living and dead threads
  Usage usage_children() const;
  void add_children_usage(const Usage& u) const;
  void absorb_thread_usage(const Usage& u) const;

  // ---- program ----
  struct Program {
    Opt<Ref<fs::File>> exe{};         // what /proc/PID/exe names
    String exe_path{};
    Vec<u64> auxv{};
  };
  const SpinLocked<Program, rank::kLeaf>& program() const [[clang::lifetimebound]] { return program_; }
  Atomic<u32> last_uid_{0};
  Atomic<u32> dumpable{1};
  Atomic<u8> wants_parent_death{0};   // a thread of it has set parent_death_signal once
  Atomic<u32> exit_signal{17};        // sent to the parent; 0 for none
  Atomic<u32> membarrier_registered{0};  // commands of membarrier(2); exec clears them
  Atomic<u32> did_exec{0};
  Atomic<u32> child_subreaper{0};
  Atomic<u32> no_children_wait{0};
  Atomic<i32> nice{0};
  Atomic<u32> oom_score_adj{0};
  Atomic<u32> vfork_done{1};          // 0 while a vfork parent waits; exit_wait is woken
  const MutexLocked<u32, rank::kExec>& exec_lock() const [[clang::lifetimebound]] { return exec_lock_; }
  Instant start_time() const { return start_; }
  ~Process() override;

 private:
  struct State {
    Map<i32, Ref<Thread>> threads{};
    Array<ResourceLimit, static_cast<usize>(Resource::count_)> limits{};
    Usage dead_threads{}, children{};
    Opt<Ref<SigActions>> actions{};
    String leader_name{};                         // once the leader has ended
    Opt<Ref<Credentials>> leader_credentials{};
  };
  Pid pid_;
  Ref<System> system_;
  Ref<Account> account_;
  Instant start_;
  Atomic<u32> exit_{0};
  Atomic<i32> exit_status_{0};
  SpinLocked<State, rank::kProcess> state_;
  SpinLocked<SignalPart, rank::kSignals> sig_{};
  SpinLocked<Program, rank::kLeaf> program_{};
  MutexLocked<u32, rank::kExec> exec_lock_{};
  Once<Ref<ProcessTimers>> timers_{};
};

}  // namespace svc::proc
