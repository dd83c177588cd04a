// SPDX-License-Identifier: MPL-2.0
// Thread: what it uses, its name, its usage.
#include <ostd/time.h>
#include <services/process/system.h>

namespace svc::proc {

Thread::Thread(Pid tid, Ref<Process> process, Cap<vm::Vm, vm::memory::all> vm, Ref<fs::FdTable> files, Ref<fs::FsContext> fs, Ref<Credentials> cred)
    : tid_(tid.value), counted_uid_(cred->values().uid.value), process_(std::move(process)), start_(time::now()), uses_(Uses{}) {
  process_->words_.last_uid.store(cred->values().uid.value);
  process_->system()->count_user_task(Uid{counted_uid_.load()}, 1);
  vm.joined();
  uses_.with([&](Uses& u) {
    u.vm = std::move(vm);
    u.files = std::move(files);
    u.fs = std::move(fs);
    u.cred = std::move(cred);
  });
}

Cap<Thread, thread::all> Thread::create(Pid tid, Ref<Process> process, Cap<vm::Vm, vm::memory::all> vm, Ref<fs::FdTable> files, Ref<fs::FsContext> fs,
                                        Ref<Credentials> cred) {
  return Cap<Thread, thread::all>::mint(MintKey(), make_ref<Thread>(tid, std::move(process), std::move(vm), std::move(files), std::move(fs), std::move(cred)));
}

Thread::~Thread() { process_->system()->count_user_task(Uid{counted_uid_.load()}, -1); }

Opt<Ref<vm::Vm>> Thread::vm() const {
  return uses_.with([](Uses& u) { return u.vm ? Opt<Ref<vm::Vm>>((*u.vm).ref()) : none; });
}
Opt<Cap<vm::Vm, vm::memory::all>> Thread::memory() const {
  return uses_.with([](Uses& u) { return u.vm ? Opt<Cap<vm::Vm, vm::memory::all>>((*u.vm).dup()) : none; });
}
Opt<Ref<fs::FdTable>> Thread::files() const { return uses_.with([](Uses& u) { return u.files; }); }
Opt<Ref<fs::FsContext>> Thread::fs() const { return uses_.with([](Uses& u) { return u.fs; }); }
Ref<Credentials> Thread::credentials() const { return uses_.with([](Uses& u) { return *u.cred; }); }

// What is replaced ends outside the spinlock: closing files and unmapping may sleep.
Opt<Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>> Thread::traced_memory() const {
  Opt<Cap<vm::Vm, vm::memory::all>> m = memory();
  if (!m) return none;
  return Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>(*std::move(m));
}
void Thread::set_vm(Cap<vm::Vm, vm::memory::all> v) const {
  v.joined();
  Opt<Cap<vm::Vm, vm::memory::all>> next(std::move(v));
  uses_.with([&](Uses& u) { std::swap(u.vm, next); });
  if (next) (*next).left();
}
void Thread::set_files(Ref<fs::FdTable> f) const {
  Opt<Ref<fs::FdTable>> next(std::move(f));
  uses_.with([&](Uses& u) { std::swap(u.files, next); });
}
void Thread::set_fs(Ref<fs::FsContext> f) const {
  Opt<Ref<fs::FsContext>> next(std::move(f));
  uses_.with([&](Uses& u) { std::swap(u.fs, next); });
}
void Thread::set_credentials(Ref<Credentials> c) const {
  const u32 uid = c->values().uid.value;
  process_->words_.last_uid.store(uid);
  const u32 before = counted_uid_.exchange(uid);
  if (before != uid) {
    process_->system()->count_user_task(Uid{before}, -1);
    process_->system()->count_user_task(Uid{uid}, 1);
  }
  Opt<Ref<Credentials>> next(std::move(c));
  uses_.with([&](Uses& u) { std::swap(u.cred, next); });
}
// Only the thread itself asks, and its maker before it runs.
Ref<ipc::UndoList> Thread::undo() const {
  const Opt<Ref<ipc::UndoList>> u = uses_.with([](Uses& x) { return x.undo; });
  if (u) return *u;
  const Ref<ipc::UndoList> fresh = make_ref<ipc::UndoList>();
  uses_.with([&](Uses& x) { x.undo = fresh; });
  return fresh;
}
void Thread::share_undo(const Ref<ipc::UndoList>& u) const {
  u->join();
  uses_.with([&](Uses& x) { x.undo = u; });
}
void Thread::leave_undo() const {
  const Opt<Ref<ipc::UndoList>> u = uses_.with([](Uses& x) { return x.undo.take(); });
  if (u) (*u)->leave(process_->pid().value);
}
void Thread::drop_resources() const {
  Opt<Cap<vm::Vm, vm::memory::all>> v{};
  Opt<Ref<fs::FdTable>> f{};
  Opt<Ref<fs::FsContext>> c{};
  uses_.with([&](Uses& u) {
    std::swap(u.vm, v);
    std::swap(u.files, f);
    std::swap(u.fs, c);
  });
  if (v) (*v).left();
  leave_undo();
}

u64 Thread::actions_id() const { return object_id(*process_->actions()); }
u64 Thread::undo_id() const {
  return uses_.with([](Uses& u) { return u.undo ? object_id(**u.undo) : 0; });
}

String Thread::name() const { return uses_.with([](Uses& u) { return u.name; }); }
void Thread::set_name(std::string_view n) const {
  String s(n.substr(0, 15));
  if (task_.is_set()) task_.get()->set_name(s.view());
  uses_.with([&](Uses& u) { std::swap(u.name, s); });
}

Usage Thread::usage() const {
  Usage u{};
  if (task_.is_set()) {
    const Ref<Task>& t = task_.get();
    u.user = t->user_time();
    u.system = t->system_time();
    u.voluntary_switches = t->switches_voluntary();
    u.involuntary_switches = t->switches_involuntary();
  }
  u.minor_faults = words_.faults_minor.load(Order::relaxed);
  u.major_faults = words_.faults_major.load(Order::relaxed);
  const Opt<Ref<vm::Vm>> v = vm();
  if (v) u.peak_rss_pages = (*v)->peak_resident_pages();
  return u;
}

Opt<u32> Thread::umask() const {
  const Opt<Ref<fs::FsContext>> f = fs();
  return f ? Opt<u32>((*f)->umask()) : none;
}
Opt<fs::Fd> Thread::next_descriptor(i32 from) const {
  const Opt<Ref<fs::FdTable>> f = files();
  return f ? (*f)->next(from) : none;
}
Opt<u16> Thread::descriptor_mode(fs::Fd fd) const {
  const Opt<Ref<fs::FdTable>> all = files();
  if (!all) return none;
  const Result<Ref<fs::File>> f = (*all)->get(fd);
  if (!f.ok()) return none;
  const u32 mode = (f.value()->readable() ? 0500U : 0U) | (f.value()->writable() ? 0300U : 0U);
  return static_cast<u16>(mode);
}
Opt<Thread::MountView> Thread::mount_view() const {
  const Opt<Ref<fs::FsContext>> f = fs();
  return f ? Opt<MountView>(MountView{(*f)->mounts(), (*f)->root()}) : none;
}
// A process without memory has no program any more.
Opt<fs::Path> Thread::program() const {
  if (!vm()) return none;
  const Opt<Ref<fs::File>> f = process_->program_.with([](Process::Program& p) { return p.exe; });
  return f ? (*f)->path() : none;
}

void Thread::disturb(Disturb how) const {
  if (task_.is_set()) task_.get()->disturb(how);
}
void Thread::set_sched(const SchedParams& p) const {
  if (task_.is_set()) task_.get()->set_sched(p);
}
void Thread::set_affinity(CpuSet s) const {
  if (task_.is_set()) task_.get()->set_affinity(s);
}

SigSet Thread::blocked() const { return sig_.with([](SignalPart& s) { return s.blocked; }); }
SigSet Thread::own_pending() const { return sig_.with([](SignalPart& s) { return s.pending.set(); }); }
Thread::AltStack Thread::alt_stack() const { return sig_.with([](SignalPart& s) { return s.alt; }); }
void Thread::set_alt_stack(const AltStack& a) const { sig_.with([&](SignalPart& s) { s.alt = a; }); }

}  // namespace svc::proc
