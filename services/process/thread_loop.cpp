// SPDX-License-Identifier: MPL-2.0
// The life of a user thread.
#include <services/process/exceptions.h>
#include <services/process/futex.h>
#include <services/process/groups.h>
#include <services/process/signal_api.h>
#include <services/process/thread_loop.h>
#include <services/process/timers.h>

namespace svc::proc {
namespace {

void run_thread(Caller& c) {
  // It began in a process that had been stopped meanwhile.
  if (c.process()->stopped()) ostd::task::current()->disturb(Disturb::signal);
  const StaticFn<void(Caller&)> dispatch = c.system().parts().dispatch;
  while (c.thread()->exiting.load(Order::relaxed) == 0) {
    SyscallOrigin origin{};
    bool attend = false;
    switch (user::run(c.context(), c.address_space())) {
      case UserEvent::syscall:
        origin = {true, c.regs().rax};
        dispatch(c);
        if (c.registers_replaced) origin.in_syscall = false;
        // Only a call to be restarted needs its number; any other disturbance makes the next user::run return at once.
        attend = origin.in_syscall && is_restart_code(c.regs().rax);
        break;
      case UserEvent::exception:
        if (const u32 nth = c.denial.next_fault; nth != 0) [[unlikely]] {
          c.begin_denial(nth);
          handle_exception(c);
          c.end_denial(nth);
        } else {
          handle_exception(c);
        }
        break;
      case UserEvent::interrupted:
        attend = true;
        break;
      case UserEvent::lost:
        c.process()->begin_exit(ExitStatus::killed(sig::kill, false));
        break;
    }
    if (c.process()->cpu_timers.load(Order::relaxed) != 0) check_cpu_timers(*c.process());
    if (attend && (origin.in_syscall || ostd::task::disturbed() != Disturb::none)) handle_signals(c, origin);
  }
}

// Carries the first registers from the creator to the new task, which takes them out.
class FirstContext final : public RefCounted {
 public:
  explicit FirstContext(UserContext c) : slot_(Opt<UserContext>(std::move(c))) {}
  Opt<UserContext> take() const {
    return slot_.with([](Opt<UserContext>& s) { return s.take(); });
  }

 private:
  SpinLocked<Opt<UserContext>, rank::kLeaf> slot_;
};

void main(const Ref<Thread>& t, const FirstContext& first) {
  // This frame lives as long as the thread: it must not hold on to what exec replaces and exit gives up.
  Opt<Ref<vm::Vm>> vm = t->vm();
  Opt<Ref<fs::FdTable>> files = t->files();
  Opt<Ref<fs::FsContext>> fs = t->fs();
  Opt<UserContext> ctx = first.take();
  if (!vm || !files || !fs || !ctx) return;
  Caller c(t, *std::move(vm), *std::move(files), *std::move(fs), *std::move(ctx));
  run_thread(c);
  exit_thread(c);
}

}  // namespace

Status start_thread(const Ref<Thread>& t, UserContext ctx, TaskOptions o) {
  o.name = "user";
  const Ref<FirstContext> first = make_ref<FirstContext>(std::move(ctx));
  Fn<void()> entry([t, first] { main(t, *first); });
  const Ref<Task> task = TRY(Task::spawn_parked(o, t->process()->account(), std::move(entry)));
  t->task().set(task);
  task->set_name(t->name().view());
  task->unpark();
  return Ok();
}

void exit_thread(Caller& c) {
  const Ref<Thread> t = c.thread();
  const Ref<Process> p = c.process();
  t->exiting.store(1);
  // Ending gives back more than it takes, but not always first. Refused: it goes on all the same.
  static_cast<void>(mem::reserve(4).ok());
  futex_thread_exit(c);
  p->absorb_thread_usage(t->usage());
  if (t->tid() == p->pid()) p->keep_leader(*t);
  const bool last = p->remove_thread(*t);
  const Ref<System> system = p->system();
  if (last) end_timers(*p);
  else signals_thread_exit(*t);
  // A vfork parent may go on once the memory is not used any more.
  c.release();
  t->drop_resources();
  if (p->vfork_done.exchange(1) == 0) p->exit_wait.wake_all();
  if (!last) {
    system->tree().remove_thread(t->tid());
    p->exit_wait.wake_all();
    return;
  }
  if (t->tid() != p->pid()) system->tree().remove_thread(t->tid());
  else system->tree().remove_thread_keep_id(t->tid());
  Usage u = p->usage_self();
  const ExitStatus status = p->exit_status();
  if (p->pid().value == 1) {
    system->init_ended(status.wait_status);
  }
  if (p->sid_.load() == p->pid().value) disassociate_terminal(*p, *system);
  u.add(p->usage_children());
  system->tree().exited(p, status, u);
}

void disassociate_terminal(const Process& leader, const System& system) {
  const Opt<Ref<ProcessGroup>> g = system.tree().group_of(leader);
  if (!g) return;
  const Opt<Ref<ControllingTerminal>> tty = (*g)->session()->terminal();
  if (tty) (*tty)->disassociate(LeaderExits::yes);
}

}  // namespace svc::proc
