// SPDX-License-Identifier: MPL-2.0
// The life of a user thread.
#include <services/process/core_dump.h>
#include <services/process/exceptions.h>
#include <services/process/futex.h>
#include <services/process/groups.h>
#include <services/process/rseq.h>
#include <services/process/signal_api.h>
#include <services/process/thread_loop.h>
#include <services/process/timers.h>
#include <services/process/trace_stop.h>

namespace svc::proc {
namespace {

UserEvent run_user(Caller& c) {
  if ((c.traced() & watch::step) != 0) [[unlikely]] return run_step(c);
  return user::run(c.context(), c.address_space());
}

// A traced thread looks for signals while it still is at the call that brought them.
bool after_traced_call(const Caller& c, SyscallOrigin& origin) {
  origin.in_syscall = !c.registers_replaced && c.orig_rax >= 0;
  origin.number = static_cast<u64>(c.orig_rax);
  return true;
}

void run_thread(Caller& c) {
  // It began in a process that had been stopped meanwhile.
  if (c.process()->stopped() || (c.traced() & watch::ptraced) != 0) ostd::task::current()->disturb(Disturb::signal);
  const StaticFn<void(Caller&)> dispatch = c.system().parts().dispatch;
  while (!c.thread()->exiting()) {
    SyscallOrigin origin{};
    bool attend = false;
    switch (run_user(c)) {
      case UserEvent::syscall:
        origin = {true, c.regs().rax};
        dispatch(c);
        if (c.registers_replaced) origin.in_syscall = false;
        // What a core dump shows.
        if (c.thread()->exiting()) [[unlikely]] c.orig_rax = origin.in_syscall ? static_cast<i64>(origin.number) : -1;
        // Only a call to be restarted needs its number; any other disturbance makes the next user::run return at once.
        attend = origin.in_syscall && is_restart_code(c.regs().rax);
        if ((c.traced() & watch::ptraced) != 0 && c.orig_rax != -1) [[unlikely]] attend = after_traced_call(c, origin);
        break;
      case UserEvent::exception:
        c.orig_rax = -1;
        if (const u32 nth = c.denial.next_fault; nth != 0) [[unlikely]] {
          c.begin_denial(nth);
          handle_exception(c);
          c.end_denial(nth);
        } else {
          handle_exception(c);
        }
        break;
      case UserEvent::interrupted:
        c.orig_rax = -1;
        rseq_resume(c);
        attend = true;
        break;
      case UserEvent::lost:
        c.self().begin_exit(ExitStatus::killed(sig::kill, false));
        break;
    }
    if (c.process()->has_cpu_timers()) check_cpu_timers(c.self());
    if (attend && ((origin.in_syscall && is_restart_code(c.regs().rax)) || ostd::task::disturbed() != Disturb::none)) handle_signals(c, origin);
  }
}

// What the task of a new thread starts with.
struct Start {
  Cap<Thread, thread::all> thread;
  Cap<Process, process::all> process;
  UserContext ctx;
};

// Carries it from the creator to the task, which takes it out.
class FirstContext final : public RefCounted {
 public:
  explicit FirstContext(Start s) : slot_(Opt<Start>(std::move(s))) {}
  Opt<Start> take() const {
    return slot_.with([](Opt<Start>& s) { return s.take(); });
  }

 private:
  SpinLocked<Opt<Start>, rank::kLeaf> slot_;
};

void main(const FirstContext& first) {
  // This frame lives as long as the thread: it must not hold on to what exec replaces and exit gives up.
  Opt<Start> start = first.take();
  if (!start) return;
  Opt<Cap<vm::Vm, vm::memory::all>> vm = start->thread.own_memory();
  Opt<Ref<fs::FdTable>> files = start->thread.files();
  Opt<Ref<fs::FsContext>> fs = start->thread.fs();
  if (!vm || !files || !fs) return;
  Caller c({std::move(start->thread), std::move(start->process), *std::move(vm), *std::move(files), *std::move(fs)}, std::move(start->ctx));
  rseq_start(c);
  run_thread(c);
  exit_thread(c);
}

}  // namespace

Status start_thread(Cap<Thread, thread::all> t, Cap<Process, process::all> p, UserContext ctx, TaskOptions o) {
  o.name = "user";
  const Cap<Thread, thread::self> self = t.dup();
  const Ref<FirstContext> first = make_ref<FirstContext>(Start{std::move(t), std::move(p), std::move(ctx)});
  Fn<void()> entry([first] { main(*first); });
  const Ref<Task> task = TRY(Task::spawn_parked(o, self->process()->account(), std::move(entry)));
  self.set_task(task);
  task->set_name(self->name().view());
  task->unpark();
  return Ok();
}

// A thread that has called exit(2) ends with that, whatever happens to the process meanwhile.
static ExitStatus own_end(const Caller& c) {
  const i32 own = c.me().words().exit_status.load();
  return own != -1 ? ExitStatus{own} : c.process()->exit_status();
}

void exit_thread(Caller& c) {
  join_core_dump(c);
  const Ref<Thread> t = c.thread();
  const Ref<Process> p = c.process();
  if ((c.traced() & watch::ptraced) != 0) {
    const ExitStatus s = own_end(c);
    // The last thread's end is the process's: no signal ends it earlier.
    if (p->thread_count() == 1 && !p->exiting()) c.self().begin_exit(s);
    trace_event(c, TraceEvent::exit, static_cast<u32>(s.wait_status));
  }
  c.me().words().exiting.store(1);
  // Ending gives back more than it takes, but not always first. Refused: it goes on all the same.
  static_cast<void>(mem::reserve(4).ok());
  futex_thread_exit(c);
  c.self().absorb_thread_usage(t->usage());
  if (t->tid() == p->pid()) c.self().keep_leader(*t);
  const bool last = c.self().remove_thread(*t);
  const Ref<System> system = p->system();
  if (last) end_timers(c.self());
  else signals_thread_exit(c.self());
  // A vfork parent may go on once the memory is not used any more.
  c.release();
  c.me().drop_resources();
  // Who waits for this process may write to its program at once.
  if (last) {
    Process::Program gone{};
    c.self().program().with([&](Process::Program& g) { std::swap(g.exe, gone.exe); });
  }
  if (c.self().words().vfork_done.exchange(1) == 0) c.self().words().exit_wait.wake_all();
  if (!last) {
    if (system->tree().thread_ended(c.me(), own_end(c), t->usage()))
      system->tree().tracer_ends(*t);
    if (t->tid() != p->pid()) c.me().words().gone.store(1);
    c.self().words().exit_wait.wake_all();
    return;
  }
  static_cast<void>(system->tree().thread_ended(c.me(), p->exit_status(), t->usage()));
  if (t->tid() != p->pid()) c.me().words().gone.store(1);
  system->tree().tracer_ends(*t);
  Usage u = p->usage_self();
  const ExitStatus status = p->exit_status();
  if (p->pid().value == 1) {
    system->init_ended(status.wait_status);
  }
  if (p->session() == p->pid()) disassociate_terminal(*p, *system);
  u.add(p->usage_children());
  system->tree().exited(c.self(), status, u);
}

void disassociate_terminal(const Process& leader, const System& system) {
  const Opt<Ref<ProcessGroup>> g = system.tree().group_of(leader);
  if (!g) return;
  const Opt<Ref<ControllingTerminal>> tty = (*g)->session()->terminal();
  if (tty) (*tty)->disassociate(LeaderExits::yes);
}

}  // namespace svc::proc
