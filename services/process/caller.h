// SPDX-License-Identifier: MPL-2.0
// Caller: the thread that makes a system call, with what it uses at hand without locks. One for each thread, living in its main
// loop; handlers get it by reference.
#pragma once
#include <ostd/user.h>
#include <services/base/job_control.h>
#include <services/process/process.h>
#include <services/process/system.h>

namespace svc::proc {

struct CloneArgs;

class Caller final : public Context {
 public:
  // What the thread uses when it starts.
  struct Parts {
    Cap<Thread, thread::all> thread;
    Cap<Process, process::all> process;
    Cap<vm::Vm, vm::memory::all> vm;
    Ref<fs::FdTable> files;
    Ref<fs::FsContext> fs;
  };
  Caller(Parts p, UserContext ctx);
  // ---- Context ----
  const AddressSpace& address_space() const [[clang::lifetimebound]] override { return (*vm_).space(); }
  const Credentials& credentials() const [[clang::lifetimebound]] override { return *cred_; }
  Pid process_id() const override;
  Pid thread_id() const override;
  Opt<Ref<SessionRef>> session() const override;
  bool session_leader() const override;
  Opt<Ref<ProcessGroupRef>> process_group() const override;
  Opt<Ref<ProcessGroupRef>> find_group(Pid id) const override;
  bool signal_ignored_or_blocked(Signo s) const override;
  void signal_self(Signo s) const override;
  u64 file_size_limit() const override;

  // ---- what it has ----
  const Ref<Thread>& thread() const [[clang::lifetimebound]] { return me_.ref(); }
  const Ref<Process>& process() const [[clang::lifetimebound]] { return self_.ref(); }
  const System& system() const [[clang::lifetimebound]] { return *self_->system(); }
  // The same with what the thread, and the process, may do to itself.
  CapRef<Thread, thread::all> me() const [[clang::lifetimebound]] { return me_; }
  CapRef<Process, process::own> self() const [[clang::lifetimebound]] { return self_; }
  // For whoever is to trace it.
  Cap<Thread, thread::tracer> own_thread() const { return Cap<Thread, thread::tracer>(me_.dup()); }
  CapRef<vm::Vm, vm::memory::use | vm::memory::change> vm() const [[clang::lifetimebound]] { return *vm_; }
  const Ref<fs::FdTable>& files() const [[clang::lifetimebound]] { return *files_; }
  const Ref<fs::FsContext>& fs() const [[clang::lifetimebound]] { return *fs_; }
  const Ref<Credentials>& cred() const [[clang::lifetimebound]] { return cred_; }
  // Change both the thread's and the cached ones.
  void use_vm(Cap<vm::Vm, vm::memory::all> v);
  void use_files(Ref<fs::FdTable> f);
  void use_fs(Ref<fs::FsContext> f);
  void use_credentials(Ref<Credentials> c);
  // The thread ends: gives up its shares of files, memory and names now.
  void release();
  UserContext& context() [[clang::lifetimebound]] { return ctx_; }
  UserRegs& regs() [[clang::lifetimebound]] { return ctx_.regs(); }
  vm::VmLimits vm_limits() const;
  // The machine's capabilities, for privileged threads. Errors: not_permitted without CAP_SYS_BOOT, CAP_SYS_TIME.
  Result<CapRef<Power, power::off | power::reboot | power::halt>> power() const [[clang::lifetimebound]];
  Result<CapRef<WallClock, wall_clock::set>> wall_clock() const [[clang::lifetimebound]];
  // The handler changed the registers itself (sigreturn, execve): do not store a result.
  bool registers_replaced = false;
  // As a tracer sees it (Linux's orig_rax): the system call that it is in or comes out of; kept while it is traced.
  i64 orig_rax = -1;
  bool in_call = false;
  // How often its task had been switched when rseq_resume() last looked.
  u64 switches_seen = 0;
  // Of the last fault that became a signal, for the frame of a handler (sigcontext.trapno, err, cr2).
  u64 trap_number = 0, trap_error = 0, trap_address = 0;
  // A call that restart_syscall(2) goes on with: when its relative timeout ends.
  Opt<Instant> resumed_deadline{};
  // Tests: the n-th reservation of the next call or fault is refused (0: none); what came of it (syscall/test_calls.cpp).
  struct Denial {
    u32 next_call = 0, next_fault = 0;
    u32 reservations = 0;
    bool refused = false;
  };
  Denial denial{};
  void begin_denial(u32 nth);
  void end_denial(u32 nth);
  // The bits of watch: how its calls are watched.
  u32 traced() const { return me().words().traced.load(Order::relaxed); }
  // With watch::counted: a call ended (restart codes are not counted: a handler's run is), or a handler ran because of which it
  // ends or starts again.
  void count_call(u64 number, const Result<i64>& r) const;
  void count_interruption(u64 number) const;
  // A signal or kill wants attention (what Interruptible waits look at).
  bool signal_pending() const { return ostd::task::disturbed() != Disturb::none; }

 private:
  friend Result<Pid> clone(Caller& c, const CloneArgs& a);
  Cap<Thread, thread::all> me_;
  Cap<Process, process::all> self_;  // shared with further threads by clone()
  Opt<Cap<vm::Vm, vm::memory::all>> vm_;
  Opt<Ref<fs::FdTable>> files_;
  Opt<Ref<fs::FsContext>> fs_;
  Ref<Credentials> cred_;
  UserContext ctx_;
};

}  // namespace svc::proc
