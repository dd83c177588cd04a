// SPDX-License-Identifier: MPL-2.0
// A new thread or process. Everything that can fail comes before the child becomes visible in the tree.
#include <services/process/trust.h>
#include <services/process/clone.h>
#include <services/process/groups.h>
#include <services/process/rseq.h>
#include <services/process/pid_fd.h>
#include <services/process/signal_api.h>
#include <services/process/thread_loop.h>
#include <services/process/timers.h>
#include <services/process/trace_stop.h>

namespace svc::proc {
namespace {

namespace cf = cloneflag;

// Checks of Linux's copy_process, in its order.
Status check_flags(u64 f) {
  if ((f & (cf::newns | cf::fs)) == (cf::newns | cf::fs)) return Errc::invalid_argument;
  if ((f & (cf::newuser | cf::fs)) == (cf::newuser | cf::fs)) return Errc::invalid_argument;
  if ((f & cf::thread) != 0 && (f & cf::sighand) == 0) return Errc::invalid_argument;
  if ((f & cf::sighand) != 0 && (f & cf::vm) == 0) return Errc::invalid_argument;
  if ((f & cf::clear_sighand) != 0 && (f & cf::sighand) != 0) return Errc::invalid_argument;
  if ((f & (cf::namespaces | cf::into_cgroup)) != 0) return Errc::invalid_argument;
  return Ok();
}

// Gives the id back when a later step fails.
class IdGuard {
 public:
  IdGuard(Ref<System> s, Pid id) : system_(std::move(s)), id_(id) {}
  ~IdGuard() { if (!kept_) system_->tree().free_id(id_); }
  IdGuard(const IdGuard&) = delete;
  void keep() { kept_ = true; }

 private:
  Ref<System> system_;
  Pid id_;
  bool kept_ = false;
};

Cap<Process, process::all> new_process(Caller& c, const CloneArgs& a, Pid pid) {
  const CapRef<Process, process::self> parent = c.self();
  Ref<SigActions> actions = (a.flags & cf::sighand) != 0 ? parent.actions() : parent.actions()->clone();
  if ((a.flags & cf::clear_sighand) != 0) actions->reset_for_exec();
  Cap<Process, process::all> p = Process::create(pid, parent->system(), std::move(actions), parent->account());
  p.copy_limits(*parent);
  watch_cpu_limit(p);
  const Process::Words& mine = p.words();
  mine.exit_signal.store(a.exit_signal);
  mine.creator.store(c.thread()->tid().value);
  mine.dumpable.store(parent.words().dumpable.load());
  mine.core_filter.store(parent.words().core_filter.load());
  mine.membarrier_registered.store(parent.words().membarrier_registered.load());
  mine.oom_score_adj.store(parent->oom_score_adj());
  mine.no_children_wait.store(parent.words().no_children_wait.load());
  Process::Program program = parent.program().with([](Process::Program& g) { return g; });
  p.program().with([&](Process::Program& g) { std::swap(g, program); });
  return p;
}

UserContext child_context(Caller& c, const CloneArgs& a) {
  UserContext ctx{};
  ctx.copy_from(c.context());
  UserRegs& r = ctx.regs();
  r.rax = 0;
  if (a.stack != 0) r.rsp = a.stack;
  if ((a.flags & cf::settls) != 0) r.fs_base = a.tls;
  return ctx;
}

// A child runs where and as its creator does, unless that asked for SCHED_RESET_ON_FORK [sched(7)].
TaskOptions child_schedule(Caller& c) {
  const Ref<Task> me = ostd::task::current();
  TaskOptions o{};
  o.affinity = me->affinity();
  o.sched = me->sched();
  if (!c.thread()->reset_on_fork()) return o;
  if (o.sched.klass == SchedClass::fifo || o.sched.klass == SchedClass::round_robin) o.sched = SchedParams{};
  if (o.sched.nice < 0) o.sched.nice = 0;
  o.sched.slice_ns = 0;
  return o;
}

// One without a class is not inherited, as on Linux.
u32 inherited_io_priority(const Thread& t) {
  const Opt<u32> p = t.io_priority();
  return p && (*p >> 13) != 0 ? Thread::kHasIoPriority | *p : 0;
}

// The child never ran: takes it out of all tables again, without a trace for wait(2).
void abandon(CapRef<Thread, thread::self> t, CapRef<Process, process::self> p, bool thread) {
  static_cast<void>(p.remove_thread(*t));
  p->system()->tree().abandoned(p, t, thread);
  t.drop_resources();
}

// What the tracer is told of this; none: nothing.
TraceEvent event_of(const Caller& c, const CloneArgs& a) {
  if ((c.traced() & watch::ptraced) == 0 || (a.flags & cf::untraced) != 0) return TraceEvent::none;
  const TraceEvent e = (a.flags & cf::vfork) != 0 ? TraceEvent::vfork : a.exit_signal != sig::chld.value ? TraceEvent::clone : TraceEvent::fork;
  return trace_wants(c, e) ? e : TraceEvent::none;
}

// The child's tracer is its creator's; it stops before it runs anything.
void trace_child(Caller& c, const Cap<Thread, thread::all>& child) {
  const Opt<Ref<Tracee>> mine = c.me().tracee();
  const Opt<ProcessTree::Tracer> by = c.system().tree().tracer_of(*c.thread());
  if (!mine || !by) return;
  const Opt<Ref<Tracee>> shared = tracee_for_child(c, **mine);
  if (!shared || !c.system().tree().attach(*by, Cap<Thread, thread::tracer>(child.dup()), *shared).ok()) return;
  if ((*mine)->seized()) {
    (*shared)->demand_trap();
    return;
  }
  SigInfo i{};
  i.signo = sig::stop;
  static_cast<void>(child.send(i).ok());
}

bool wait_for_vfork(CapRef<Process, process::self> child) {
  // Killable only: as on Linux, other signals wait until the child is done. A killed parent just stops waiting.
  return child.words().exit_wait.wait_until(Wait::killable, [&] { return child.words().vfork_done.load() != 0; }).ok();
}

}  // namespace

Result<Pid> clone(Caller& c, const CloneArgs& a) {
  const u64 f = a.flags;
  TRY(check_flags(f));
  if ((f & cf::pidfd) != 0 && (((f & cf::parent_settid) != 0 && a.pidfd == a.parent_tid) || (f & cf::detached) != 0)) return Errc::invalid_argument;
  if (a.exit_signal > sig::count) return Errc::invalid_argument;
  const bool thread = (f & cf::thread) != 0;
  const Ref<System> system = c.process()->system();
  const Uid uid = c.credentials().values().uid;
  const u64 nproc = c.process()->limit(Resource::nproc).soft;
  if (uid.value != 0 && !c.capable(Capability::sys_resource) && !c.capable(Capability::sys_admin) && system->user_tasks(uid) >= nproc) return Errc::again;
  if (c.process()->exiting()) return Errc::restart_syscall;
  if ((f & cf::settls) != 0 && a.tls >= kUserEnd.value) return Errc::not_permitted;

  const Pid id = TRY(system->tree().allocate_id());
  IdGuard guard(system, id);
  Cap<vm::Vm, vm::memory::all> vm = (f & cf::vm) != 0 ? (*c.vm_).dup() : TRY((*c.vm_).fork());
  if ((f & cf::vm) == 0) vm.belong_to(id.value);
  set_trust(vm.space(), *c.cred());
  const Ref<AddressSpace> space = vm.space_ref();
  const Ref<fs::FdTable> files = (f & cf::files) != 0 ? c.files() : TRY(c.files()->clone());
  const Ref<fs::FsContext> fsc = (f & cf::fs) != 0 ? c.fs() : c.fs()->clone();
  // Its number is the creator's alone, unless both share their descriptors.
  Opt<fs::FdSlot> slot{};
  if ((f & cf::pidfd) != 0) {
    slot = TRY(fs::FdSlot::take(c.files(), fs::CloseOnExec::yes, c.process()->limit(Resource::nofile).soft));
    TRY(user::write(c.address_space(), a.pidfd, slot->fd().value));
  }
  const Cap<Process, process::all> process = thread ? c.self_.dup() : new_process(c, a, id);
  const Cap<Thread, thread::all> t = Thread::create(id, process.ref(), std::move(vm), files, fsc, c.cred());
  if ((f & cf::sysvsem) != 0) t.share_undo(c.me().undo());
  t.set_name(c.thread()->name().view());
  t.words().traced.store(c.traced() & watch::inherited);
  t.words().personality.store(c.me().words().personality.load());
  // The new one's default is what the creator has, not the creator's default [PR_SET_TIMERSLACK(2const)].
  t.words().timer_slack_ns.store(c.me().words().timer_slack_ns.load());
  t.words().default_timer_slack_ns.store(c.me().words().timer_slack_ns.load());
  t.words().io_priority.store(inherited_io_priority(*c.thread()));
  t.words().speculation.store(c.me().words().speculation.load());
  // A copy of the memory has a copy of the area.
  if ((f & cf::vm) == 0) {
    t.words().rseq_length.store(c.me().words().rseq_length.load());
    t.words().rseq_signature.store(c.me().words().rseq_signature.load());
    t.words().rseq.store(c.me().words().rseq.load());
  } else {
    rseq_before_sharing(c);
  }
  const Thread::SignalPart mine = c.me().signal_part().with([](Thread::SignalPart& s) { return s.mask_and_stack(); });
  t.signal_part().with([&](Thread::SignalPart& s) {
    s.blocked = mine.blocked;
    // A new thread in the same memory starts without an alternate stack; a vfork child keeps it.
    if ((f & cf::vm) == 0 || (f & cf::vfork) != 0) s.alt = mine.alt;
  });
  if ((f & cf::child_cleartid) != 0) t.words().clear_child_tid.store(a.child_tid.value);
  // Linux ignores failures of these writes, too.
  if ((f & cf::parent_settid) != 0) static_cast<void>(user::write(c.address_space(), a.parent_tid, id.value).ok());
  if ((f & cf::child_settid) != 0) static_cast<void>(user::write(*space, a.child_tid, id.value).ok());
  if ((f & cf::vfork) != 0) process.words().vfork_done.store(0);

  system->tree().add_thread(t);
  process.add_thread(t.ref());
  if (!thread) {
    const Opt<Ref<ProcessGroup>> group = system->tree().group_of(*c.process());
    Opt<Ref<Process>> parent((f & cf::parent) != 0 ? system->tree().parent(*c.process()) : Opt<Ref<Process>>(c.process()));
    if (group) system->tree().add(process.dup(), std::move(parent), *group);
  }
  guard.keep();
  Opt<fs::Fd> pidfd{};
  if (slot) pidfd = (*std::move(slot)).fill(Ref<fs::File>(thread ? make_ref<PidFd>(t.ref(), 0U) : make_ref<PidFd>(process.ref(), 0U)));
  const TraceEvent event = event_of(c, a);
  if (event != TraceEvent::none || ((f & cf::ptrace) != 0 && (c.traced() & watch::ptraced) != 0)) trace_child(c, t);
  const Status started = start_thread(t.dup(), process.dup(), child_context(c, a), child_schedule(c));
  if (!started.ok()) {
    if (pidfd) static_cast<void>(c.files()->remove(*pidfd).ok());
    abandon(t, process, thread);
    return Err(started.error());
  }
  const u64 message = static_cast<u64>(id.value);
  if (event != TraceEvent::none) trace_event(c, event, message);
  if ((f & cf::vfork) != 0 && wait_for_vfork(process) && (f & cf::untraced) == 0) trace_event(c, TraceEvent::vfork_done, message);
  return id;
}

}  // namespace svc::proc
