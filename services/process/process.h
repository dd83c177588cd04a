// SPDX-License-Identifier: MPL-2.0
// Process (a thread group) and Thread. Relations between processes (parent, children, group, session, zombies) are in
// ProcessTree (tree.h) under one short lock; everything else belongs to the process or thread and has a lock of its own.
// A reference to one tells who it is and what everybody may know; what affects it, or shows what it keeps to itself, is called by
// right (process::, thread::). Rights come from its making (create), and from Access (access.h), which asks who wants them.
#pragma once
#include <base/array.h>
#include <base/cap.h>
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
#include <services/fs/mount.h>
#include <services/ipc/semaphores.h>
#include <services/process/signals.h>
#include <services/process/tracee.h>
#include <services/vm/vm.h>

namespace svc::proc {

class CoreDump;
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

// self: what only the thread itself does; schedule: where and how it runs; trace: what its program keeps to itself (memory, files);
// control: to stop it, change its registers, let it go on (ptrace); io_rank: whose input and output goes first.
namespace thread {
inline constexpr auto self = Rights<Thread>::bit(0), schedule = Rights<Thread>::bit(1), trace = Rights<Thread>::bit(2), control = Rights<Thread>::bit(3),
                      io_rank = Rights<Thread>::bit(4);
inline constexpr auto all = Rights<Thread>::all();
inline constexpr auto tracer = trace | control | kDup;  // a tracer's on its tracee
}

class Thread final : public RefCounted {
 public:
  class MintKey {
    friend class Thread;
    friend class Access;
    explicit MintKey() {}
  };
  enum class PendingOf : u8 { thread, process };
  struct AltStack { u64 sp = 0, size = 0; u32 flags = 2; };   // SS_DISABLE 2
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
  static constexpr u32 kHasIoPriority = 1U << 16;
  struct Words {
    Atomic<u64> clear_child_tid{0};
    Atomic<u64> robust_list{0};
    Atomic<u64> restart_deadline{0};               // restart block (restart.h): absolute deadline in nanoseconds
    Atomic<u32> restart_call{0};                   // and the number of the call; 0: nothing to restart
    Atomic<u64> faults_minor{0}, faults_major{0};
    Atomic<u32> personality{0};
    Atomic<u64> timer_slack_ns{50000}, default_timer_slack_ns{50000};
    Atomic<u32> parent_death_signal{0};
    Atomic<u32> speculation{0};                    // what PR_SET_SPECULATION_CTRL has forbidden: kStoreBypassOff ...
    Atomic<u32> exiting{0};
    Atomic<u64> rseq{0};                           // its area (rseq.h), 0: none; what it was registered with
    Atomic<u32> rseq_length{0}, rseq_signature{0};
    Atomic<u32> rseq_event{0};                     // its sequence is to start over though it was not switched
    Atomic<u32> io_priority{0};                    // of ioprio_set(2), with kHasIoPriority when it was set
    Atomic<u32> reset_on_fork{0};                  // SCHED_RESET_ON_FORK
    Atomic<u32> traced{0};                         // bits of watch (call_counts.h): --strace, tests, ptrace
    Atomic<u32> stopped{0};                        // 1 while it is stopped
    Atomic<i32> exit_status{-1};                   // of exit(2), else -1: what a tracer's wait gives of this thread
    Atomic<i32> tracer{0};                         // id of the tracer's process, 0: none
    Atomic<u32> gone{0};                           // it has ended, and nobody can wait for it
    Atomic<u64> stop_joined{0};                    // the last stop of its process in which it was counted
  };

  struct Calls {
    // ---- self ----
    const Words& words(this const Permits<thread::self> auto& self [[clang::lifetimebound]]) { return self->words_; }
    const SpinLocked<SignalPart, rank::kSignals>& signal_part(this const Permits<thread::self> auto& self [[clang::lifetimebound]]) { return self->sig_; }
    SigSet set_blocked(this const Permits<thread::self> auto& self, SigSet s) { return self->set_blocked(s); }  // the old set; wakes nothing, re-evaluates pending
    void set_alt_stack(this const Permits<thread::self> auto& self, const AltStack& a) { self->set_alt_stack(a); }
    void set_name(this const Permits<thread::self> auto& self, std::string_view n) { self->set_name(n); }
    // What the thread uses; replaced by exec, unshare, setuid ...
    void set_vm(this const Permits<thread::self> auto& self, Cap<vm::Vm, vm::memory::all> v) { self->set_vm(std::move(v)); }
    void set_files(this const Permits<thread::self> auto& self, Ref<fs::FdTable> f) { self->set_files(std::move(f)); }
    void set_fs(this const Permits<thread::self> auto& self, Ref<fs::FsContext> f) { self->set_fs(std::move(f)); }
    void set_credentials(this const Permits<thread::self> auto& self, Ref<Credentials> c) { self->set_credentials(std::move(c)); }
    // What its operations on semaphores are undone by [semop(2) SEM_UNDO]: made when it is first asked for (takes memory: one block),
    // shared with a new thread, left at the end (which may undo).
    Ref<ipc::UndoList> undo(this const Permits<thread::self> auto& self) { return self->undo(); }
    void share_undo(this const Permits<thread::self> auto& self, const Ref<ipc::UndoList>& u) { self->share_undo(u); }
    void leave_undo(this const Permits<thread::self> auto& self) { self->leave_undo(); }
    Opt<Cap<vm::Vm, vm::memory::all>> own_memory(this const Permits<thread::self> auto& self) { return self->memory(); }
    // The thread ends: drops vm, files, fs (procfs then sees none).
    void drop_resources(this const Permits<thread::self> auto& self) { self->drop_resources(); }
    void set_task(this const Permits<thread::self> auto& self, const Ref<Task>& t) { self->task_.set(t); }

    // ---- schedule. Nothing happens before it has started. ----
    void set_sched(this const Permits<thread::schedule> auto& self, const SchedParams& p) { self->set_sched(p); }
    void set_affinity(this const Permits<thread::schedule> auto& self, CpuSet s) { self->set_affinity(s); }
    void set_io_priority(this const Permits<thread::io_rank> auto& self, u32 p) { self->words_.io_priority.store(kHasIoPriority | p); }
    void set_reset_on_fork(this const Permits<thread::schedule> auto& self, u32 on) { self->words_.reset_on_fork.store(on); }

    // ---- trace. Nothing: it has ended. ----
    Opt<Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>> memory(this const Permits<thread::trace> auto& self) { return self->traced_memory(); }
    Opt<Ref<fs::FdTable>> files(this const Permits<thread::trace> auto& self) { return self->files(); }
    Opt<Ref<fs::FsContext>> fs(this const Permits<thread::trace> auto& self) { return self->fs(); }
    u64 actions_id(this const Permits<thread::trace> auto& self) { return self->actions_id(); }  // of its handlers' table: who has the same one
    u64 undo_id(this const Permits<thread::trace> auto& self) { return self->undo_id(); }        // of its UndoList; 0: none yet
    Opt<fs::Path> program(this const Permits<thread::trace> auto& self) { return self->program(); }
    u32 personality(this const Permits<thread::trace> auto& self) { return self->words_.personality.load(); }
    u64 robust_list(this const Permits<thread::trace> auto& self) { return self->words_.robust_list.load(); }

    // ---- control (tracee.h); a thread on itself, too ----
    Opt<Ref<Tracee>> tracee(this const Permits<thread::control> auto& self) { return self->tracee(); }
    void set_tracee(this const Permits<thread::control> auto& self, Ref<Tracee> t, Pid tracer) { self->set_tracee(std::move(t), tracer); }
    // The old one: it is dropped without locks.
    Opt<Ref<Tracee>> drop_tracee(this const Permits<thread::control> auto& self) { return self->drop_tracee(); }
    // How it goes on: watch::calls, emulated, step.
    void set_watch(this const Permits<thread::control> auto& self, u32 bits) { self->set_watch(bits); }
    Status send(this const Permits<thread::control> auto& self, const SigInfo& i) { return self->send(i); }
    // It looks for signals and stops.
    void attend(this const Permits<thread::control> auto& self) { self->attend(); }
    SigSet traced_mask(this const Permits<thread::control> auto& self) { return self->traced_mask(); }
    void set_traced_mask(this const Permits<thread::control> auto& self, SigSet s) { self->set_traced_mask(s); }
    Vec<SigInfo> peek_pending(this const Permits<thread::control> auto& self, PendingOf which, u64 from, usize most) { return self->peek_pending(which, from, most); }
  };


  // With all rights: its maker decides who gets which.
  static Cap<Thread, thread::all> create(Pid tid, Ref<Process> process, Cap<vm::Vm, vm::memory::all> vm, Ref<fs::FdTable> files, Ref<fs::FsContext> fs,
                                         Ref<Credentials> cred);

  // ---- what everybody may know ----
  Pid tid() const { return {tid_.load(Order::relaxed)}; }
  const Ref<Process>& process() const [[clang::lifetimebound]] { return process_; }
  Ref<Credentials> credentials() const;
  String name() const;                            // comm, at most 15 bytes
  Usage usage() const;
  Instant start_time() const { return start_; }
  SigSet blocked() const;
  SigSet pending() const;                        // thread and process
  SigSet own_pending() const;
  AltStack alt_stack() const;
  bool exiting() const { return words_.exiting.load(Order::relaxed) != 0; }
  bool gone() const { return words_.gone.load() != 0; }
  bool stopped() const { return words_.stopped.load() != 0; }
  bool trace_stopped() const;                    // it waits for its tracer
  Pid tracer() const { return {words_.tracer.load(Order::relaxed)}; }
  // As ioprio_set(2) took it; nothing: never set.
  Opt<u32> io_priority() const {
    const u32 p = words_.io_priority.load();
    return p != 0 ? Opt<u32>(p & ~kHasIoPriority) : none;
  }
  bool reset_on_fork() const { return words_.reset_on_fork.load() != 0; }
  Signo parent_death_signal() const { return {words_.parent_death_signal.load()}; }
  // Statistics only. Nothing: it has ended.
  Opt<Ref<vm::Vm>> vm() const;
  Opt<u32> umask() const;
  Opt<fs::Fd> next_descriptor(i32 from) const;    // the lowest open one from there on
  Opt<u16> descriptor_mode(fs::Fd fd) const;     // how it may be used, as the mode of its link shows it; nothing: not open
  struct MountView { Ref<fs::MountNamespace> mounts; fs::Path root; };
  Opt<MountView> mount_view() const;
  // Its task; all but started() as long as that is true.
  bool started() const { return task_.is_set(); }
  bool ended() const { return task_.get()->ended(); }
  bool runnable() const { return task_.get()->runnable(); }
  bool is_current() const { return task_.is_set() && task_.get()->id() == ostd::task::current_id(); }
  CpuId last_cpu() const { return task_.get()->last_cpu(); }
  SchedParams sched() const { return task_.get()->sched(); }
  CpuSet affinity() const { return task_.get()->affinity(); }
  Duration user_time() const { return task_.get()->user_time(); }
  Duration system_time() const { return task_.get()->system_time(); }

  // Use create().
  Thread(Pid tid, Ref<Process> process, Cap<vm::Vm, vm::memory::all> vm, Ref<fs::FdTable> files, Ref<fs::FsContext> fs, Ref<Credentials> cred);
  ~Thread() override;

 private:
  friend class Process;
  friend struct Signals;                          // signal_send.cpp: queues and whom a signal wakes
  SigSet set_blocked(SigSet s) const;
  void set_alt_stack(const AltStack& a) const;
  void set_name(std::string_view n) const;
  void set_vm(Cap<vm::Vm, vm::memory::all> v) const;
  void set_files(Ref<fs::FdTable> f) const;
  void set_fs(Ref<fs::FsContext> f) const;
  void set_credentials(Ref<Credentials> c) const;
  void drop_resources() const;
  Ref<ipc::UndoList> undo() const;
  void share_undo(const Ref<ipc::UndoList>& u) const;
  void leave_undo() const;
  void set_sched(const SchedParams& p) const;
  void set_affinity(CpuSet s) const;
  Opt<Cap<vm::Vm, vm::memory::all>> memory() const;
  Opt<Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>> traced_memory() const;
  Opt<Ref<fs::FdTable>> files() const;
  Opt<Ref<fs::FsContext>> fs() const;
  u64 actions_id() const;
  u64 undo_id() const;
  Opt<fs::Path> program() const;
  void disturb(Disturb how) const;
  Opt<Ref<Tracee>> tracee() const;
  void set_tracee(Ref<Tracee> t, Pid tracer) const;
  Opt<Ref<Tracee>> drop_tracee() const;
  void set_watch(u32 bits) const;
  Status send(const SigInfo& i) const;
  void attend() const;
  SigSet traced_mask() const;
  void set_traced_mask(SigSet s) const;
  Vec<SigInfo> peek_pending(PendingOf which, u64 from, usize most) const;
  void release_for_kill() const;                  // out of any stop for its tracer
  struct Uses {
    Opt<Cap<vm::Vm, vm::memory::all>> vm{};
    Opt<Ref<fs::FdTable>> files{};
    Opt<Ref<fs::FsContext>> fs{};
    Opt<Ref<Credentials>> cred{};
    Opt<Ref<ipc::UndoList>> undo{};
    String name{};
  };
  Atomic<i32> tid_;
  Atomic<u32> counted_uid_;                       // whose RLIMIT_NPROC it counts against; changed by itself only
  Ref<Process> process_;
  Once<Ref<Task>> task_{};
  Instant start_;
  Words words_{};
  SpinLocked<Uses, rank::kLeaf> uses_;
  SpinLocked<Opt<Ref<Tracee>>, rank::kLeaf> tracee_{};
  SpinLocked<SignalPart, rank::kSignals> sig_{};
};

// signal: send any; resume: SIGCONT only; limit: resource limits; adjust: oom_score_adj; relate: what the tree of processes does to its members;
// wait: collecting its children; self: what only the process itself does.
namespace process {
inline constexpr auto signal = Rights<Process>::bit(0), resume = Rights<Process>::bit(1), limit = Rights<Process>::bit(2), adjust = Rights<Process>::bit(3),
                      relate = Rights<Process>::bit(4), wait = Rights<Process>::bit(5), self = Rights<Process>::bit(6);
inline constexpr auto all = Rights<Process>::all();
inline constexpr auto own = signal | resume | limit | adjust | wait | self;  // a process's on itself
inline constexpr auto member = signal | relate | kDup;                       // the tree's on each of its members
}

// Where a process is between its birth and the collection of its exit status.
enum class Fate : u8 { alive, zombie, reaped };

class Process final : public RefCounted {
 public:
  class MintKey {
    friend class Process;
    friend class Access;
    explicit MintKey() {}
  };
  struct SignalPart {
    PendingSet pending{};
    bool stopped = false;             // group stop: every thread waits in stop_wait until SIGCONT
    Signo stop_signal{};              // what its parent is told
    Signo trap_signal{};              // what tracers are told: of the last stop that began
    usize in_stop = 0;                // threads that wait there
    bool stop_reported = false;       // the last of them has told the parent
    bool continue_to_report = false;  // the first thread that wakes tells the parent
    u64 continues = 0;                // how many SIGCONTs were sent
    u64 stops = 0;                    // how many stops have begun
  };
  struct Words {
    WaitQueue signal_wait{};            // sigtimedwait, signalfd hooks: woken when something becomes pending
    WaitQueue stop_wait{};              // threads of a stopped group sleep here until SIGCONT or SIGKILL
    WaitQueue child_events{};           // wait4: woken when a child exits, stops or continues
    WaitQueue exit_wait{};              // pidfd poll; exec waiting for its other threads
    Atomic<Fate> fate{Fate::alive};     // changed under the tree's lock, readable without
    Atomic<u32> unkillable{0};          // pid 1: signals without a handler do nothing, SIGKILL and SIGSTOP neither
    Atomic<u32> cpu_timers{0};          // timers that run on this process's CPU time: the thread loop looks at them
    Atomic<u32> last_uid{0};
    Atomic<u32> dumpable{1};
    Atomic<u32> core_filter{0x33};      // /proc/PID/coredump_filter
    Atomic<u8> wants_parent_death{0};   // a thread of it has set parent_death_signal once
    Atomic<u32> exit_signal{17};        // sent to the parent; 0 for none
    Atomic<u32> membarrier_registered{0};  // commands of membarrier(2); exec clears them
    Atomic<u32> did_exec{0};
    Atomic<u32> child_subreaper{0};
    Atomic<u32> no_children_wait{0};
    Atomic<u32> oom_score_adj{0};
    Atomic<u32> vfork_done{1};          // 0 while a vfork parent waits; exit_wait is woken
    Atomic<i32> creator{0};             // the thread that made it
    Atomic<i32> parent{0}, group{0}, session{0};  // kept up to date by ProcessTree, readable without its lock
  };
  struct Program {
    Opt<Ref<fs::File>> exe{};         // what /proc/PID/exe names
    String exe_path{};
  };

  struct Calls {
    // ---- signal, resume (signal_send.cpp). None of these sleeps; all may be called under kProcessTree. ----
    // To a process: any thread that does not block it takes it; to one thread of it. Ignored signals are dropped, SIGKILL, SIGCONT and
    // stop signals have their side effects at once. Errors: again (real-time queue limit).
    Status send(this const Permits<process::signal> auto& self, const SigInfo& i) { return self->send(i); }
    Status send_to(this const Permits<process::signal> auto& self, const Thread& t, const SigInfo& i) { return self->send_to(t, i); }
    Status resume(this const Permits<process::resume> auto& self, const SigInfo& i) { return self->resume(i); }
    Status resume_by(this const Permits<process::resume> auto& self, const Thread& t, const SigInfo& i) { return self->resume_by(t, i); }

    // ---- limit, adjust ----
    void change_limit(this const Permits<process::limit> auto& self, Resource r, ResourceLimit l) { self->change_limit(r, l); }
    void set_oom_score_adj(this const Permits<process::adjust> auto& self, u32 v) { self->words_.oom_score_adj.store(v); }

    void set_core_filter(this const Permits<process::adjust> auto& self, u32 v) { self->words_.core_filter.store(v); }

    // ---- relate ----
    void set_parent(this const Permits<process::relate> auto& self, Pid p) { self->words_.parent.store(p.value); }
    void set_group(this const Permits<process::relate> auto& self, Pid p) { self->words_.group.store(p.value); }
    void set_session(this const Permits<process::relate> auto& self, Pid p) { self->words_.session.store(p.value); }
    void set_exit_signal(this const Permits<process::relate> auto& self, Signo s) { self->words_.exit_signal.store(s.value); }
    void child_event(this const Permits<process::relate> auto& self) { self->words_.child_events.wake_all(); }
    void ended(this const Permits<process::relate> auto& self, Fate f) {
      self->words_.fate.store(f);
      self->words_.exit_wait.wake_all();
    }

    // ---- self ----
    const Words& words(this const Permits<process::self> auto& self [[clang::lifetimebound]]) { return self->words_; }
    const SpinLocked<SignalPart, rank::kSignals>& signal_part(this const Permits<process::self> auto& self [[clang::lifetimebound]]) { return self->sig_; }
    const SpinLocked<Program, rank::kLeaf>& program(this const Permits<process::self> auto& self [[clang::lifetimebound]]) { return self->program_; }
    const WaitQueue& child_events(this const Permits<process::wait> auto& self [[clang::lifetimebound]]) { return self->words_.child_events; }
    // Timers (timers.h) that it has had need of; made now if it has not.
    Opt<Ref<ProcessTimers>> timers(this const Permits<process::self> auto& self) { return self->timers_.is_set() ? Opt<Ref<ProcessTimers>>(self->timers_.get()) : none; }
    Ref<ProcessTimers> make_timers(this const Permits<process::self> auto& self) { return self->make_timers(); }
    Ref<SigActions> actions(this const Permits<process::self> auto& self) { return self->actions(); }
    void set_actions(this const Permits<process::self> auto& self, Ref<SigActions> a) { self->set_actions(std::move(a)); }
    void add_thread(this const Permits<process::self> auto& self, const Ref<Thread>& t) { self->add_thread(t); }
    // Takes it out; true when it was the last one.
    bool remove_thread(this const Permits<process::self> auto& self, const Thread& t) { return self->remove_thread(t); }
    // execve: every thread but this one is to end.
    void end_others(this const Permits<process::self> auto& self, const Thread& but) { self->end_others(but); }
    // execve by the only thread that is left: it takes the leader's number.
    void take_leader_id(this const Permits<process::self> auto& self, const Ref<Thread>& t) { self->take_leader_id(t); }
    // The leader ends: its name and credentials stay readable, as long as there is a process.
    void keep_leader(this const Permits<process::self> auto& self, const Thread& leader) { self->keep_leader(leader); }
    // The first caller decides the status; every thread is disturbed with Disturb::kill.
    void begin_exit(this const Permits<process::self> auto& self, ExitStatus s) { self->begin_exit(s); }
    // The process ends with this status after the caller's dump; all other threads are to join it. False: it has begun to end already.
    bool begin_dump(this const Permits<process::self> auto& self, const Ref<CoreDump>& d, ExitStatus s) { return self->begin_dump(d, s); }
    Opt<Ref<CoreDump>> core_dump(this const Permits<process::self> auto& self) { return self->core_dump(); }
    void set_exit_status(this const Permits<process::self> auto& self, ExitStatus s) { self->exit_status_.store(s.wait_status); }
    void set_limit(this const Permits<process::self> auto& self, Resource r, ResourceLimit l) { self->set_limit(r, l); }  // its timers do not look at it
    void copy_limits(this const Permits<process::self> auto& self, const Process& from) { self->copy_limits(from); }
    void add_children_usage(this const Permits<process::wait> auto& self, const Usage& u) { self->add_children_usage(u); }
    void absorb_thread_usage(this const Permits<process::self> auto& self, const Usage& u) { self->absorb_thread_usage(u); }
    // Brings running threads out of user mode; whether there were any.
    bool kick(this const Permits<process::self> auto& self) { return self->kick(); }
    // Those of its threads that run user code now, on this CPU or any, start their sequences over (rseq.h).
    void restart_sequences(this const Permits<process::self> auto& self, Opt<u32> cpu) { self->restart_sequences(cpu); }
    // They look for signals.
    void disturb_threads(this const Permits<process::self> auto& self) { self->disturb_threads(); }
  };

  // With all rights: its maker decides who gets which.
  static Cap<Process, process::all> create(Pid pid, Ref<System> system, Ref<SigActions> actions, Ref<Account> account);

  // ---- what everybody may know ----
  Pid pid() const { return pid_; }
  const Ref<System>& system() const [[clang::lifetimebound]] { return system_; }
  const Ref<Account>& account() const [[clang::lifetimebound]] { return account_; }
  Pid parent_pid() const { return {words_.parent.load(Order::relaxed)}; }
  Pid creator() const { return {words_.creator.load(Order::relaxed)}; }
  Pid group() const { return {words_.group.load()}; }
  Pid session() const { return {words_.session.load()}; }
  // The thread with the next higher number; a walk of them all begins after 0. Threads may come and go meanwhile.
  Opt<Ref<Thread>> next_thread(Pid after) const;
  // f is called with rank kProcess held: it may take kSignals, not more; takes no memory.
  void each_thread(FnRef<void(const Ref<Thread>&)> f) const;
  usize thread_count() const;
  Opt<Ref<Thread>> leader() const;                // the thread with tid == pid while it exists
  Opt<Ref<Thread>> any_thread() const;
  bool exiting() const { return exit_.load(Order::acquire) != 0; }
  Fate fate() const { return words_.fate.load(); }
  ExitStatus exit_status() const { return {exit_status_.load(Order::relaxed)}; }
  bool dumping() const { return exit_.load(Order::acquire) == kDumping; }   // or has dumped
  u32 core_filter() const { return words_.core_filter.load(); }
  bool stopped() const;
  Uid real_uid() const;               // also of a zombie
  String leader_name() const;
  Opt<Ref<Credentials>> leader_credentials() const;
  SigSet pending() const;             // of the process, not of its threads
  SigAction action(Signo s) const;
  ResourceLimit limit(Resource r) const;
  Usage usage_self() const;           // living and dead threads
  Usage usage_children() const;
  Instant start_time() const { return start_; }
  bool dumpable() const { return words_.dumpable.load() == 1; }
  bool has_cpu_timers() const { return words_.cpu_timers.load(Order::relaxed) != 0; }
  bool wants_parent_death() const { return words_.wants_parent_death.load() != 0; }
  Signo exit_signal() const { return {words_.exit_signal.load()}; }
  bool did_exec() const { return words_.did_exec.load() != 0; }
  bool child_subreaper() const { return words_.child_subreaper.load() != 0; }
  u32 oom_score_adj() const { return words_.oom_score_adj.load(); }
  // Told when a signal becomes pending (signalfd).
  void add_signal_hook(Ref<WaitHook> hook) const { words_.signal_wait.add_hook(std::move(hook)); }
  void remove_signal_hook(const WaitHook& hook) const { words_.signal_wait.remove_hook(hook); }
  // Told when a thread ends, and when the fate changes (pidfd).
  void add_exit_hook(Ref<WaitHook> hook) const { words_.exit_wait.add_hook(std::move(hook)); }
  void remove_exit_hook(const WaitHook& hook) const { words_.exit_wait.remove_hook(hook); }
  const MutexLocked<u32, rank::kExec>& exec_lock() const [[clang::lifetimebound]] { return exec_lock_; }

  // Use create().
  Process(Pid pid, Ref<System> system, Ref<SigActions> actions, Ref<Account> account);
  ~Process() override;

 private:
  friend class Thread;
  friend struct Signals;
  Status send(const SigInfo& i) const;
  Status send_to(const Thread& t, const SigInfo& i) const;
  Status resume(const SigInfo& i) const;
  Status resume_by(const Thread& t, const SigInfo& i) const;
  void set_limit(Resource r, ResourceLimit l) const;
  void change_limit(Resource r, ResourceLimit l) const;
  Ref<ProcessTimers> make_timers() const;
  Ref<SigActions> actions() const;
  void set_actions(Ref<SigActions> a) const;
  void add_thread(const Ref<Thread>& t) const;
  bool remove_thread(const Thread& t) const;
  void end_others(const Thread& but) const;
  void take_leader_id(const Ref<Thread>& t) const;
  void keep_leader(const Thread& leader) const;
  void begin_exit(ExitStatus s) const;
  bool begin_dump(const Ref<CoreDump>& d, ExitStatus s) const;
  Opt<Ref<CoreDump>> core_dump() const;
  void copy_limits(const Process& from) const;
  void add_children_usage(const Usage& u) const;
  void absorb_thread_usage(const Usage& u) const;
  bool kick() const;
  void restart_sequences(Opt<u32> cpu) const;
  void disturb_threads() const;
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
  static constexpr u32 kExiting = 1, kDumping = 2;
  Atomic<u32> exit_{0};
  SpinLocked<Opt<Ref<CoreDump>>, rank::kLeaf> core_;
  Atomic<i32> exit_status_{0};
  Words words_{};
  SpinLocked<State, rank::kProcess> state_;
  SpinLocked<SignalPart, rank::kSignals> sig_{};
  SpinLocked<Program, rank::kLeaf> program_{};
  MutexLocked<u32, rank::kExec> exec_lock_{};
  Once<Ref<ProcessTimers>> timers_{};
};

}  // namespace svc::proc
