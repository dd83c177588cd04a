// SPDX-License-Identifier: MPL-2.0
// Thread: what it uses, its name, its usage.
#include <ostd/time.h>
#include <services/process/system.h>

namespace svc::proc {

Thread::Thread(Pid tid, Ref<Process> process, Ref<vm::Vm> vm, Ref<fs::FdTable> files, Ref<fs::FsContext> fs, Ref<Credentials> cred)
    : tid_(tid.value), counted_uid_(cred->values().uid.value), process_(std::move(process)), start_(time::now()), uses_(Uses{}) {
  process_->last_uid_.store(cred->values().uid.value);
  process_->system()->count_user_task(Uid{counted_uid_.load()}, 1);
  uses_.with([&](Uses& u) {
    u.vm = std::move(vm);
    u.files = std::move(files);
    u.fs = std::move(fs);
    u.cred = std::move(cred);
  });
}

Thread::~Thread() { process_->system()->count_user_task(Uid{counted_uid_.load()}, -1); }

Opt<Ref<vm::Vm>> Thread::vm() const { return uses_.with([](Uses& u) { return u.vm; }); }
Opt<Ref<fs::FdTable>> Thread::files() const { return uses_.with([](Uses& u) { return u.files; }); }
Opt<Ref<fs::FsContext>> Thread::fs() const { return uses_.with([](Uses& u) { return u.fs; }); }
Ref<Credentials> Thread::credentials() const { return uses_.with([](Uses& u) { return *u.cred; }); }

// What is replaced ends outside the spinlock: closing files and unmapping may sleep.
void Thread::set_vm(Ref<vm::Vm> v) const {
  Opt<Ref<vm::Vm>> next(std::move(v));
  uses_.with([&](Uses& u) { std::swap(u.vm, next); });
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
  process_->last_uid_.store(uid);
  const u32 before = counted_uid_.exchange(uid);
  if (before != uid) {
    process_->system()->count_user_task(Uid{before}, -1);
    process_->system()->count_user_task(Uid{uid}, 1);
  }
  Opt<Ref<Credentials>> next(std::move(c));
  uses_.with([&](Uses& u) { std::swap(u.cred, next); });
}
void Thread::drop_resources() const {
  Opt<Ref<vm::Vm>> v{};
  Opt<Ref<fs::FdTable>> f{};
  Opt<Ref<fs::FsContext>> c{};
  uses_.with([&](Uses& u) {
    std::swap(u.vm, v);
    std::swap(u.files, f);
    std::swap(u.fs, c);
  });
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
  u.minor_faults = faults_minor.load(Order::relaxed);
  u.major_faults = faults_major.load(Order::relaxed);
  const Opt<Ref<vm::Vm>> v = vm();
  if (v) u.peak_rss_pages = (*v)->peak_resident_pages();
  return u;
}

SigSet Thread::blocked() const { return sig_.with([](SignalPart& s) { return s.blocked; }); }
Thread::AltStack Thread::alt_stack() const { return sig_.with([](SignalPart& s) { return s.alt; }); }
void Thread::set_alt_stack(const AltStack& a) const { sig_.with([&](SignalPart& s) { s.alt = a; }); }

}  // namespace svc::proc
