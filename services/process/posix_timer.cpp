// SPDX-License-Identifier: MPL-2.0
// One POSIX timer. [timer_create(2), timer_settime(2), timer_getoverrun(2)]
#include <services/process/signal_api.h>
#include <services/process/timers.h>

namespace svc::proc {
namespace {

// An ignored periodic timer goes on, but not faster than this.
constexpr i64 kIgnoredPeriod = 1'000'000;

// Intervals to add so that at + n * interval > now. Requires interval > 0, at <= now.
i64 intervals_past(i64 at, i64 interval, i64 now) { return (now - at) / interval + 1; }
i64 later(i64 at, i64 interval, i64 n) { return Duration::add(at, Duration::mul(interval, n)); }

Fn<void()> expiry_function(Weak<ProcessTimers> timers, i32 id) {
  return Fn<void()>([timers = std::move(timers), id] {
    const Opt<Ref<ProcessTimers>> t = timers.lock();
    if (t) (*t)->expired(id);
  });
}

}  // namespace

PosixTimer::PosixTimer(i32 id, TimerRequest request, Weak<ProcessTimers> timers, SignalTicket ticket)
    : id_(id), request_(std::move(request)), ticket_(std::move(ticket)), hardware_(expiry_function(std::move(timers), id)) {}

i64 PosixTimer::now(CapRef<Process, process::own> p) const {
  switch (request_.clock) {
    case TimerClock::realtime: return time::wall_now();
    case TimerClock::monotonic: return static_cast<i64>(time::now().ns);
    case TimerClock::process_cpu:
    case TimerClock::process_user: {
      const CpuTimes t = cpu_times(*p);
      return request_.clock == TimerClock::process_user ? t.user.ns : (t.user + t.system).ns;
    }
    case TimerClock::thread_cpu:
    case TimerClock::thread_user: {
      const Opt<Ref<Thread>> who = request_.measured.lock();
      const CpuTimes t = who ? cpu_times(**who) : CpuTimes{};
      return request_.clock == TimerClock::thread_user ? t.user.ns : (t.user + t.system).ns;
    }
  }
  return 0;
}

// With the state locked: a set() after it will see and replace this.
void PosixTimer::arm(const State& s) const {
  if (!s.armed || on_cpu_time() || !sends()) return;
  const i64 monotonic = request_.clock == TimerClock::realtime ? Duration::add(s.at, -time::wall_offset()) : s.at;
  hardware_.arm({monotonic > 0 ? static_cast<u64>(monotonic) : 0});
}

TimerValue PosixTimer::left(const State& s, i64 now) const {
  TimerValue v{};
  if (!s.armed) return v;
  v.interval = {s.interval};
  i64 at = s.at;
  if (s.interval > 0 && at <= now && (s.awaiting_delivery || !sends())) at = later(at, s.interval, intervals_past(at, s.interval, now));
  if (at > now) v.left = {at - now};
  else if (sends()) v.left = {1};  // due: its signal is about to be sent
  return v;
}

TimerValue PosixTimer::value(CapRef<Process, process::own> p) const {
  const i64 n = now(p);
  return state_.with([&](State& s) { return left(s, n); });
}

TimerValue PosixTimer::set(CapRef<Process, process::own> p, Expiry how, Duration first, Duration interval) const {
  const i64 n = now(p);
  const TimerValue old = state_.with([&](State& s) {
    const TimerValue v = left(s, n);
    ++s.setting;
    s.overrun = s.missed = 0;
    s.awaiting_delivery = false;
    s.armed = first.ns != 0;
    s.interval = s.armed ? interval.ns : 0;
    s.at = how == Expiry::absolute ? first.ns : Duration::add(n, first.ns);
    arm(s);
    return v;
  });
  if (first.ns == 0) stop();
  return old;
}

i64 PosixTimer::overrun() const {
  return state_.with([](State& s) { return s.overrun; });
}
bool PosixTimer::armed() const {
  return state_.with([](State& s) { return s.armed; });
}

void PosixTimer::end(CapRef<Process, process::own> p) const {
  static_cast<void>(set(p, Expiry::relative, {}, {}));
  const Opt<Ref<Thread>> to = request_.to.lock();
  if (to || request_.event == TimerEvent::process) forget_timer(p, to, id_);
}

void PosixTimer::stop() const {
  static_cast<void>(hardware_.cancel());
  // Another thread may have set it meanwhile: cancel() has then undone its arming.
  state_.with([&](State& s) { if (!s.awaiting_delivery) arm(s); });
}

void PosixTimer::signal(CapRef<Process, process::own> p, u64 setting) const {
  SigInfo i{};
  i.signo = request_.signo;
  i.code = si::timer;
  i.timer_id = id_;
  i.value = request_.value ? *request_.value : static_cast<u64>(static_cast<u32>(id_));
  i.order = setting;
  const Opt<Ref<Thread>> to = request_.to.lock();
  // A thread that has ended takes nothing.
  if (request_.event == TimerEvent::thread && (!to || (*to)->exiting())) return;
  if (send_of_timer(p, to, i)) return;
  const i64 n = now(p);
  state_.with([&](State& s) {
    if (s.setting != setting || s.interval == 0) return;
    const i64 past = intervals_past(s.at, s.interval, n < s.at ? s.at : Duration::add(n, kIgnoredPeriod));
    s.missed = Duration::add(s.missed, past);
    s.at = later(s.at, s.interval, past);
    s.awaiting_delivery = false;
    arm(s);
  });
}

void PosixTimer::expired(CapRef<Process, process::own> p) const {
  const i64 n = now(p);
  const u64 setting = state_.with([&](State& s) -> u64 {
    if (!s.armed || s.awaiting_delivery) return 0;
    if (s.at > n) {
      arm(s);  // early: the wall clock was set back, or CPU time was not used
      return 0;
    }
    if (!sends()) return 0;
    if (s.interval == 0) s.armed = false;
    else s.awaiting_delivery = true;
    return s.setting;
  });
  if (setting != 0) signal(p, setting);
}

void PosixTimer::delivered(CapRef<Process, process::own> p, SigInfo& i) const {
  const i64 n = now(p);
  state_.with([&](State& s) {
    if (s.setting != i.order || !s.awaiting_delivery) return;
    const i64 past = s.at <= n ? intervals_past(s.at, s.interval, n) : 1;
    s.overrun = Duration::add(past - 1, s.missed);
    s.missed = 0;
    s.at = later(s.at, s.interval, past);
    s.awaiting_delivery = false;
    i.overrun = s.overrun > INT32_MAX ? INT32_MAX : static_cast<i32>(s.overrun);
    arm(s);
  });
}

Opt<Duration> PosixTimer::cpu_left(CapRef<Process, process::own> p) const {
  if (!on_cpu_time()) return none;
  const i64 n = now(p);
  return state_.with([&](State& s) -> Opt<Duration> {
    if (!s.armed || s.awaiting_delivery || !sends()) return none;
    return Duration{s.at > n ? s.at - n : 0};
  });
}

}  // namespace svc::proc
