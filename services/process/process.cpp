// SPDX-License-Identifier: MPL-2.0
// Process: threads, limits, usage, group exit.
#include <services/process/core_dump.h>
#include <services/process/process.h>
#include <services/process/system.h>
#include <services/process/timers.h>
#include <ostd/time.h>

namespace svc::proc {

void Usage::add(const Usage& o) {
  user = user + o.user;
  system = system + o.system;
  peak_rss_pages = peak_rss_pages > o.peak_rss_pages ? peak_rss_pages : o.peak_rss_pages;
  minor_faults += o.minor_faults;
  major_faults += o.major_faults;
  voluntary_switches += o.voluntary_switches;
  involuntary_switches += o.involuntary_switches;
}

Process::Process(Pid pid, Ref<System> system, Ref<SigActions> actions, Ref<Account> account)
    : pid_(pid), system_(std::move(system)), account_(std::move(account)), start_(time::now()), core_(Opt<Ref<CoreDump>>()), state_(State{}) {
  state_.with([&](State& s) {
    s.actions = std::move(actions);
    s.limits[static_cast<usize>(Resource::stack)] = {8ULL << 20, ~0ULL};
    s.limits[static_cast<usize>(Resource::core)] = {0, ~0ULL};
    s.limits[static_cast<usize>(Resource::nofile)] = {1024, 4096};
    s.limits[static_cast<usize>(Resource::memlock)] = {8ULL << 20, 8ULL << 20};
    s.limits[static_cast<usize>(Resource::msgqueue)] = {819200, 819200};
    s.limits[static_cast<usize>(Resource::nice)] = {0, 0};
    s.limits[static_cast<usize>(Resource::rtprio)] = {0, 0};
    // Linux: half of as many threads as fit into an eighth of the memory.
    const u64 queued = system_->parts().memory_bytes / (8 * 16384) / 2;
    s.limits[static_cast<usize>(Resource::sigpending)] = {queued, queued};
  });
  if (pid.value == 1) words_.unkillable.store(1);
}
Process::~Process() = default;

Cap<Process, process::all> Process::create(Pid pid, Ref<System> system, Ref<SigActions> actions, Ref<Account> account) {
  return Cap<Process, process::all>::mint(MintKey(), make_ref<Process>(pid, std::move(system), std::move(actions), std::move(account)));
}

void Process::add_thread(const Ref<Thread>& t) const {
  state_.with([&](State& s) { s.threads.put(t->tid().value, t); });
  // begin_exit sets exit_ before it looks at the threads: it sees this one, or this one sees exit_.
  if (exiting()) t->words_.exiting.store(1);
}

bool Process::remove_thread(const Thread& t) const {
  Opt<Ref<Thread>> gone{};
  return state_.with([&](State& s) {
    gone = s.threads.remove(t.tid().value);
    return s.threads.empty();
  });
}

Opt<Ref<Thread>> Process::next_thread(Pid after) const {
  return state_.with([&](State& s) -> Opt<Ref<Thread>> {
    const Opt<i32> k = s.threads.upper_bound(after.value);
    return k ? s.threads.get(*k) : none;
  });
}
void Process::each_thread(FnRef<void(const Ref<Thread>&)> f) const {
  state_.with([&](State& s) { s.threads.each([&](const i32& tid, Ref<Thread>& t) { f(t); }); });
}
void Process::take_leader_id(const Ref<Thread>& t) const {
  state_.with([&](State& s) {
    Opt<Ref<Thread>> same = s.threads.remove(t->tid().value);
    t->tid_.store(pid_.value);
    s.threads.put(pid_.value, t);
  });
}
usize Process::thread_count() const {
  return state_.with([](State& s) { return s.threads.size(); });
}
Opt<Ref<Thread>> Process::leader() const {
  return state_.with([&](State& s) { return s.threads.get(pid_.value); });
}
Opt<Ref<Thread>> Process::any_thread() const {
  return next_thread(Pid{0});
}

void Process::begin_exit(ExitStatus st) const {
  u32 not_yet = 0;
  const bool first = exit_.compare_exchange(not_yet, kExiting);
  // A dump goes on, whoever else wants it to end, but for SIGKILL.
  if (!first && not_yet == kDumping && st.wait_status != ExitStatus::killed(sig::kill, false).wait_status) return;
  if (first) exit_status_.store(st.wait_status);
  for (Opt<Ref<Thread>> t = next_thread(Pid{0}); t; t = next_thread((*t)->tid())) {
    // Before it can see that it is to end: what releases it from the stop it is in must not count for that of PTRACE_EVENT_EXIT.
    if (first) (*t)->release_for_kill();
    (*t)->words_.exiting.store(1);
    (*t)->disturb(Disturb::kill);
  }
  words_.stop_wait.wake_all();
}
// Who sees exit_ set finds the dump behind the lock.
bool Process::begin_dump(const Ref<CoreDump>& d, ExitStatus s) const {
  const bool first = core_.with([&](Opt<Ref<CoreDump>>& mine) {
    u32 not_yet = 0;
    if (!exit_.compare_exchange(not_yet, kDumping)) return false;
    mine = Opt<Ref<CoreDump>>(d);
    return true;
  });
  if (!first) return false;
  exit_status_.store(s.wait_status);
  for (Opt<Ref<Thread>> t = next_thread(Pid{0}); t; t = next_thread((*t)->tid())) {
    if ((*t)->tid() == d->dumper()) continue;
    (*t)->release_for_kill();
    (*t)->words_.exiting.store(1);
    (*t)->disturb(Disturb::kill);
  }
  words_.stop_wait.wake_all();
  return true;
}
Opt<Ref<CoreDump>> Process::core_dump() const {
  return core_.with([](Opt<Ref<CoreDump>>& d) { return d; });
}
void Process::end_others(const Thread& but) const {
  for (Opt<Ref<Thread>> t = next_thread(Pid{0}); t; t = next_thread((*t)->tid())) {
    if ((*t).same(but)) continue;
    (*t)->words_.exiting.store(1);
    (*t)->disturb(Disturb::kill);
    (*t)->release_for_kill();
  }
}
bool Process::kick() const {
  bool running = false;
  each_thread([&](const Ref<Thread>& t) {
    if (!t->task_.is_set() || !t->task_.get()->running()) return;
    running = true;
    t->task_.get()->kick();
  });
  return running;
}
// One that is not running now is kicked when it gets its CPU back.
void Process::restart_sequences(Opt<u32> cpu) const {
  each_thread([&](const Ref<Thread>& t) {
    if (t->words_.rseq.load() == 0 || !t->task_.is_set() || !t->task_.get()->running()) return;
    if (cpu && static_cast<u32>(t->task_.get()->last_cpu()) != *cpu) return;
    t->words_.rseq_event.store(1);
    t->task_.get()->kick();
  });
}
void Process::disturb_threads() const {
  each_thread([&](const Ref<Thread>& t) { t->disturb(Disturb::signal); });
}

bool Process::stopped() const {
  return sig_.with([](SignalPart& s) { return s.stopped; });
}
SigSet Process::pending() const {
  return sig_.with([](SignalPart& s) { return s.pending.set(); });
}
Uid Process::real_uid() const {
  const Opt<Ref<Thread>> t = any_thread();
  return t ? (*t)->credentials()->values().uid : Uid{words_.last_uid.load()};
}

void Process::keep_leader(const Thread& leader) const {
  String name = leader.name();
  Opt<Ref<Credentials>> cred(leader.credentials());
  state_.with([&](State& s) {
    std::swap(s.leader_name, name);
    std::swap(s.leader_credentials, cred);
  });
}
String Process::leader_name() const {
  const Opt<Ref<Thread>> t = leader();
  return t ? (*t)->name() : state_.with([](State& s) { return s.leader_name; });
}
Opt<Ref<Credentials>> Process::leader_credentials() const {
  const Opt<Ref<Thread>> t = leader();
  if (t) return Opt<Ref<Credentials>>((*t)->credentials());
  return state_.with([](State& s) { return s.leader_credentials; });
}

Ref<SigActions> Process::actions() const {
  return state_.with([](State& s) { return *s.actions; });
}
void Process::set_actions(Ref<SigActions> a) const {
  Opt<Ref<SigActions>> old = state_.with([&](State& s) {
    Opt<Ref<SigActions>> o = std::move(s.actions);
    s.actions = std::move(a);
    return o;
  });
}

SigAction Process::action(Signo s) const { return actions()->get(s); }

ResourceLimit Process::limit(Resource r) const {
  return state_.with([&](State& s) { return s.limits[static_cast<usize>(r)]; });
}
void Process::set_limit(Resource r, ResourceLimit l) const {
  state_.with([&](State& s) { s.limits[static_cast<usize>(r)] = l; });
}
void Process::copy_limits(const Process& from) const {
  lock_pair(from.state_, state_, [](const State& theirs, State& ours) { ours.limits = theirs.limits; });
}

Usage Process::usage_self() const {
  Usage u = state_.with([](State& s) { return s.dead_threads; });
  for (Opt<Ref<Thread>> t = next_thread(Pid{0}); t; t = next_thread((*t)->tid())) u.add((*t)->usage());
  return u;
}
Usage Process::usage_children() const {
  return state_.with([](State& s) { return s.children; });
}
void Process::add_children_usage(const Usage& u) const {
  state_.with([&](State& s) { s.children.add(u); });
}
void Process::absorb_thread_usage(const Usage& u) const {
  state_.with([&](State& s) { s.dead_threads.add(u); });
}

}  // namespace svc::proc
