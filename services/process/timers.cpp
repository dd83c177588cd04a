// SPDX-License-Identifier: MPL-2.0
// Interval timers, the set of POSIX timers, timers on CPU time. [setitimer(2), timer_create(2)]
#include <services/process/signal_api.h>
#include <services/process/system.h>
#include <services/process/timers.h>

namespace svc::proc {
namespace {

constexpr Duration kFirstPoll = Duration::millis(1), kLongestPoll = Duration::millis(100);
// SIGALRM that is ignored: the timer goes on, but not faster than this.
constexpr Duration kIgnoredPeriod = Duration::millis(1);

template <class F>
Fn<void()> with_process(WeakCap<Process> process, F f) {
  return Fn<void()>([process = std::move(process), f] {
    const Opt<DynCap<Process>> c = process.lock();
    if (!c) return;
    const Result<CapRef<Process, process::own>> p = c->as<process::own>();
    const Opt<Ref<ProcessTimers>> t = p.ok() ? p.value().timers() : none;
    if (t) f(**t, p.value());
  });
}

constexpr i64 kSecond = 1'000'000'000;
constexpr u64 kMostSeconds = static_cast<u64>(INT64_MAX / kSecond) - 1;
bool limited(u64 seconds) { return seconds < kMostSeconds; }
i64 seconds_ns(u64 seconds) { return static_cast<i64>(seconds) * kSecond; }

struct Nearest {
  i64 left = Duration::kMax;
  bool any = false;
  void note(Opt<i64> l) {
    if (!l) return;
    any = true;
    if (*l < left) left = *l;
  }
};

}  // namespace

CpuTimes cpu_times(const Process& p) {
  const Usage u = p.usage_self();
  return {u.user, u.system};
}
CpuTimes cpu_times(const Thread& t) {
  if (!t.started()) return {};
  return {t.user_time(), t.system_time()};
}

ProcessTimers::ProcessTimers(WeakCap<Process> for_alarm, WeakCap<Process> for_poll, WeakCap<Process> for_posix)
    : process_(std::move(for_posix)),
      real_(with_process(std::move(for_alarm), [](const ProcessTimers& t, CapRef<Process, process::own> q) { t.alarm(q); })),
      poll_(with_process(std::move(for_poll), [](const ProcessTimers& t, CapRef<Process, process::own> q) { t.poll(q); })) {}

// ---- ITIMER_REAL ----

void ProcessTimers::alarm(CapRef<Process, process::own> p) const {
  const Instant now = time::now();
  const bool due = state_.with([&](State& s) {
    if (!s.real_armed || s.real_waits) return false;
    if (s.real_at > now) {
      real_.arm(s.real_at);
      return false;
    }
    if (s.real_interval.ns == 0) s.real_armed = false;
    else s.real_waits = true;
    return true;
  });
  if (!due) return;
  static_cast<void>(p.send(SigInfo::kernel(sig::alrm)).ok());
  if (p->pending().has(sig::alrm)) return;
  // Ignored, or taken already.
  state_.with([&](State& s) {
    if (!s.real_armed || !s.real_waits) return;
    s.real_waits = false;
    const Duration step = s.real_interval < kIgnoredPeriod ? kIgnoredPeriod : s.real_interval;
    s.real_at = now + step;
    real_.arm(s.real_at);
  });
}

void ProcessTimers::alarm_delivered() const {
  const Instant now = time::now();
  state_.with([&](State& s) {
    if (!s.real_armed || !s.real_waits) return;
    s.real_waits = false;
    const i64 late = (now - s.real_at).ns;
    const i64 steps = late >= 0 ? late / s.real_interval.ns + 1 : 0;
    s.real_at = s.real_at + Duration{Duration::mul(s.real_interval.ns, steps)};
    real_.arm(s.real_at);
  });
}

TimerValue ProcessTimers::value(CapRef<Process, process::own> p, IntervalTimer which) const {
  if (which == IntervalTimer::real) {
    const Instant now = time::now();
    return state_.with([&](State& s) {
      TimerValue v{{}, s.real_interval};
      if (s.real_armed && !s.real_waits) v.left = s.real_at > now ? s.real_at - now : Duration::micros(1);
      return v;
    });
  }
  const CpuTimes t = cpu_times(*p);
  const i64 now = which == IntervalTimer::virtual_ ? t.user.ns : (t.user + t.system).ns;
  return state_.with([&](State& s) {
    const CpuTimer c = cpu_timer(s, which);
    TimerValue v{{}, {c.interval}};
    if (c.armed) v.left = c.at > now ? Duration{c.at - now} : Duration::micros(1);
    return v;
  });
}

TimerValue ProcessTimers::set(CapRef<Process, process::own> p, IntervalTimer which, TimerValue v) const {
  const TimerValue old = value(p, which);
  if (which == IntervalTimer::real) {
    const Instant now = time::now();
    state_.with([&](State& s) {
      s.real_armed = v.left.ns != 0;
      s.real_waits = false;
      s.real_interval = v.interval;
      s.real_at = now + v.left;
      if (s.real_armed) real_.arm(s.real_at);
    });
    if (v.left.ns == 0) {
      static_cast<void>(real_.cancel());
      state_.with([&](State& s) { if (s.real_armed && !s.real_waits) real_.arm(s.real_at); });
    }
    return old;
  }
  const CpuTimes t = cpu_times(*p);
  const i64 now = which == IntervalTimer::virtual_ ? t.user.ns : (t.user + t.system).ns;
  state_.with([&](State& s) { cpu_timer(s, which) = {v.left.ns != 0, Duration::add(now, v.left.ns), v.interval.ns}; });
  watch_cpu(p);
  return old;
}

// ---- POSIX timers ----

Result<i32> ProcessTimers::create(CapRef<Process, process::own> p, TimerRequest r) const {
  // Its signal has a place in the user's queue for as long as the timer lives.
  const Ref<SignalQuota> quota = p->system()->signal_quota(p->real_uid());
  SignalTicket ticket(quota);
  if (quota->used.load() > p->limit(Resource::sigpending).soft) return Errc::again;
  const i32 id = state_.with([](State& s) {
    while (s.timers.contains(s.next_id)) s.next_id = s.next_id == INT32_MAX ? 0 : s.next_id + 1;
    const i32 fresh = s.next_id;
    s.next_id = s.next_id == INT32_MAX ? 0 : s.next_id + 1;
    return fresh;
  });
  const Opt<Ref<Thread>> to = r.to.lock();
  if (to || r.event == TimerEvent::process) prepare_timer(p, to);
  const Ref<PosixTimer> t = make_ref<PosixTimer>(id, std::move(r), Weak<ProcessTimers>(ref_of(*this)), std::move(ticket));
  state_.with([&](State& s) { s.timers.insert(id, t); });
  return id;
}

Opt<Ref<PosixTimer>> ProcessTimers::find(i32 id) const {
  return state_.with([&](State& s) { return s.timers.get(id); });
}

Vec<Ref<PosixTimer>> ProcessTimers::all() const {
  return state_.with([](State& s) {
    Vec<Ref<PosixTimer>> v{};
    s.timers.each([&](const i32&, Ref<PosixTimer>& t) { v.push_back(t); });
    return v;
  });
}

bool ProcessTimers::remove(CapRef<Process, process::own> p, i32 id) const {
  const Opt<Ref<PosixTimer>> t = state_.with([&](State& s) { return s.timers.remove(id); });
  if (!t) return false;
  (*t)->end(p);
  if ((*t)->on_cpu_time()) watch_cpu(p);
  return true;
}

void ProcessTimers::remove_all(CapRef<Process, process::own> p) const {
  HashMap<i32, Ref<PosixTimer>> gone{};
  state_.with([&](State& s) { std::swap(gone, s.timers); });
  gone.each([&](const i32&, Ref<PosixTimer>& t) { t->end(p); });
  watch_cpu(p);
}

void ProcessTimers::stop_all(CapRef<Process, process::own> p) const {
  remove_all(p);
  for (const IntervalTimer t : {IntervalTimer::real, IntervalTimer::virtual_, IntervalTimer::prof}) static_cast<void>(set(p, t, {}));
  static_cast<void>(poll_.cancel());
}

// ---- CPU time ----

void ProcessTimers::watch_cpu(CapRef<Process, process::own> p) const {
  bool any = state_.with([](State& s) { return s.virtual_.armed || s.prof.armed; }) || limited(p->limit(Resource::cpu).soft);
  for (const Ref<PosixTimer>& t : all()) any = any || (t->on_cpu_time() && t->armed());
  p.words().cpu_timers.store(any ? 1 : 0);
  if (!any) return;
  state_.with([&](State& s) {
    s.poll = kFirstPoll;
    poll_.arm(time::now() + s.poll);
  });
}

// Brings running threads out of user mode, where they see what is due. Less often while none runs.
void ProcessTimers::poll(CapRef<Process, process::own> p) const {
  if (!p->has_cpu_timers() || p->exiting()) return;
  const bool running = p.kick();
  state_.with([&](State& s) {
    s.poll = running ? kFirstPoll : s.poll + s.poll;
    if (s.poll > kLongestPoll) s.poll = kLongestPoll;
    poll_.arm(time::now() + s.poll);
  });
}

// Sends what is due; what is left otherwise.
Opt<i64> ProcessTimers::check_interval(CapRef<Process, process::own> p, IntervalTimer which, i64 now) const {
  bool due = false;
  const Opt<i64> left = state_.with([&](State& s) -> Opt<i64> {
    CpuTimer& c = cpu_timer(s, which);
    if (!c.armed) return none;
    due = c.at <= now;
    if (due && c.interval == 0) {
      c.armed = false;
      return none;
    }
    if (due) c.at = Duration::add(c.at, Duration::mul(c.interval, (now - c.at) / c.interval + 1));
    return c.at - now;
  });
  if (due) static_cast<void>(p.send(SigInfo::kernel(which == IntervalTimer::virtual_ ? sig::vtalrm : sig::prof)).ok());
  return left;
}

// RLIMIT_CPU [getrlimit(2)]: SIGXCPU at the soft limit and every second after it, SIGKILL at the hard one.
Opt<i64> ProcessTimers::check_limit(CapRef<Process, process::own> p, i64 now) const {
  const ResourceLimit l = p->limit(Resource::cpu);
  if (!limited(l.soft)) return none;
  if (limited(l.hard) && now >= seconds_ns(l.hard)) {
    static_cast<void>(p.send(SigInfo::kernel(sig::kill)).ok());
    return none;
  }
  u64 next = l.soft;
  if (now >= seconds_ns(l.soft)) {
    next = static_cast<u64>(now / kSecond) + 1;
    static_cast<void>(p.send(SigInfo::kernel(sig::xcpu)).ok());
    p.set_limit(Resource::cpu, {next, l.hard});
  }
  return seconds_ns(next) - now;
}

void ProcessTimers::check_cpu(CapRef<Process, process::own> p) const {
  const CpuTimes t = cpu_times(*p);
  Nearest nearest{};
  nearest.note(check_limit(p, (t.user + t.system).ns));
  nearest.note(check_interval(p, IntervalTimer::virtual_, t.user.ns));
  nearest.note(check_interval(p, IntervalTimer::prof, (t.user + t.system).ns));
  for (const Ref<PosixTimer>& timer : all()) {
    if (!timer->on_cpu_time()) continue;
    timer->expired(p);
    const Opt<Duration> left = timer->cpu_left(p);
    if (left) nearest.note(left->ns);
    nearest.any = nearest.any || timer->armed();
  }
  p.words().cpu_timers.store(nearest.any ? 1 : 0);
  if (!nearest.any) return;
  const i64 threads = static_cast<i64>(p->thread_count());
  const Duration wait{nearest.left / (threads != 0 ? threads : 1)};
  state_.with([&](State& s) {
    s.poll = kFirstPoll;
    poll_.arm(time::now() + (wait < kFirstPoll ? kFirstPoll : wait < kLongestPoll ? wait : kLongestPoll));
  });
}

void ProcessTimers::expired(i32 id) const {
  const Opt<DynCap<Process>> c = process_.lock();
  const Opt<Ref<PosixTimer>> t = find(id);
  if (!c || !t) return;
  const Result<CapRef<Process, process::own>> p = c->as<process::own>();
  if (p.ok()) (*t)->expired(p.value());
}

Ref<ProcessTimers> Process::make_timers() const {
  const auto mine = [&] { return WeakCap<Process>(DynCap<Process>::mint(MintKey(), ref_of(*this), process::own)); };
  if (!timers_.is_set()) static_cast<void>(timers_.set(make_ref<ProcessTimers>(mine(), mine(), mine())));
  return timers_.get();
}

void Process::change_limit(Resource r, ResourceLimit l) const {
  set_limit(r, l);
  if (r == Resource::cpu) watch_cpu_limit(Cap<Process, process::own>::mint(MintKey(), ref_of(*this)));
}

void timer_delivered(CapRef<Process, process::own> p, SigInfo& i) {
  const Opt<Ref<ProcessTimers>> all = p.timers();
  const Opt<Ref<PosixTimer>> t = all ? (*all)->find(i.timer_id) : none;
  if (t) (*t)->delivered(p, i);
}
void alarm_delivered(CapRef<Process, process::own> p) {
  const Opt<Ref<ProcessTimers>> t = p.timers();
  if (t) (*t)->alarm_delivered();
}
void check_cpu_timers(CapRef<Process, process::own> p) {
  const Opt<Ref<ProcessTimers>> t = p.timers();
  if (t) (*t)->check_cpu(p);
}
void watch_cpu_limit(CapRef<Process, process::own> p) {
  if (limited(p->limit(Resource::cpu).soft) || p.timers()) p.make_timers()->watch_cpu(p);
}
void flush_timers(CapRef<Process, process::own> p) {
  const Opt<Ref<ProcessTimers>> t = p.timers();
  if (t) (*t)->remove_all(p);
}
void end_timers(CapRef<Process, process::own> p) {
  const Opt<Ref<ProcessTimers>> t = p.timers();
  if (t) (*t)->stop_all(p);
}

}  // namespace svc::proc
