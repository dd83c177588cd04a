// SPDX-License-Identifier: MPL-2.0
// Timers of a process: interval timers [setitimer(2), alarm(2)] and POSIX timers [timer_create(2)].
// A periodic timer is armed again when its signal is taken, not when it is sent: what was missed meanwhile is the overrun.
// Timers on CPU time are looked at by the thread loop (check_cpu_timers) when the process has any; a timer on real time kicks
// its running threads out of user mode when they may be due.
// Lock: kTimer, inside kSignals; signals are sent and CPU times are read without it.
#pragma once
#include <base/hash_map.h>
#include <ostd/time.h>
#include <services/process/process.h>

namespace svc::proc {

enum class TimerClock : u8 { realtime, monotonic, process_cpu, process_user, thread_cpu, thread_user };
enum class TimerEvent : u8 { none, process, thread };
enum class IntervalTimer : u8 { real, virtual_, prof };
enum class Expiry : u8 { relative, absolute };

// What is left (0: not armed) and the interval.
struct TimerValue {
  Duration left{};
  Duration interval{};
};

// How to make a POSIX timer.
struct TimerRequest {
  TimerClock clock = TimerClock::monotonic;
  TimerEvent event = TimerEvent::process;
  Signo signo{};
  Opt<u64> value{};            // nothing: the timer's id
  Weak<Thread> to{};           // event thread
  Weak<Thread> measured{};     // clock thread_cpu, thread_user
};

class ProcessTimers;

class PosixTimer final : public RefCounted {
 public:
  PosixTimer(i32 id, TimerRequest request, Weak<ProcessTimers> timers, SignalTicket ticket);
  TimerValue value(CapRef<Process, process::own> p) const;
  // Returns what was left.
  TimerValue set(CapRef<Process, process::own> p, Expiry how, Duration first, Duration interval) const;
  i64 overrun() const;
  void end(CapRef<Process, process::own> p) const;        // stops, its pending signal goes
  void expired(CapRef<Process, process::own> p) const;    // may be due
  // Its signal was taken: goes on if it is periodic; fills in the overrun.
  void delivered(CapRef<Process, process::own> p, SigInfo& i) const;
  bool on_cpu_time() const { return request_.clock >= TimerClock::process_cpu; }
  bool sends() const { return request_.event != TimerEvent::none; }
  bool armed() const;
  // CPU time to go, if it is armed on CPU time.
  Opt<Duration> cpu_left(CapRef<Process, process::own> p) const;

 private:
  struct State {
    bool armed = false;
    bool awaiting_delivery = false;
    i64 at = 0;            // in the clock's nanoseconds
    i64 interval = 0;
    i64 overrun = 0;       // of the signal that was taken last
    i64 missed = 0;        // while the signal was ignored
    u64 setting = 1;       // counts set(): a signal of an older setting does not arm again
  };
  i64 now(CapRef<Process, process::own> p) const;
  void arm(const State& s) const;
  void stop() const;                       // waits until its function does not run
  void signal(CapRef<Process, process::own> p, u64 setting) const;
  TimerValue left(const State& s, i64 now) const;
  i32 id_ = 0;
  TimerRequest request_;
  SignalTicket ticket_;
  SpinLocked<State, rank::kTimer> state_{};
  Timer hardware_;
};

class ProcessTimers final : public RefCounted {
 public:
  // Each of the three for one of its uses.
  ProcessTimers(WeakCap<Process> for_alarm, WeakCap<Process> for_poll, WeakCap<Process> for_posix);
  // ---- interval timers ----
  TimerValue value(CapRef<Process, process::own> p, IntervalTimer which) const;
  TimerValue set(CapRef<Process, process::own> p, IntervalTimer which, TimerValue v) const;
  void alarm_delivered() const;
  // ---- POSIX timers. Errors: again (too many queued signals). ----
  Result<i32> create(CapRef<Process, process::own> p, TimerRequest r) const;
  Opt<Ref<PosixTimer>> find(i32 id) const;
  bool remove(CapRef<Process, process::own> p, i32 id) const;
  void remove_all(CapRef<Process, process::own> p) const;
  void stop_all(CapRef<Process, process::own> p) const;
  // The timer on real time with this number may be due.
  void expired(i32 id) const;
  // ---- CPU time ----
  void check_cpu(CapRef<Process, process::own> p) const;
  // A timer on CPU time (or RLIMIT_CPU) was set or stopped: whether the thread loop must look.
  void watch_cpu(CapRef<Process, process::own> p) const;

 private:
  struct CpuTimer {
    bool armed = false;
    i64 at = 0;
    i64 interval = 0;
  };
  struct State {
    bool real_armed = false;
    bool real_waits = false;       // periodic, its SIGALRM is pending
    Instant real_at{};
    Duration real_interval{};
    CpuTimer virtual_{}, prof{};
    i32 next_id = 0;
    HashMap<i32, Ref<PosixTimer>> timers{};
    Duration poll{};
  };
  static CpuTimer& cpu_timer(State& s [[clang::lifetimebound]], IntervalTimer which) { return which == IntervalTimer::virtual_ ? s.virtual_ : s.prof; }
  Vec<Ref<PosixTimer>> all() const;
  void alarm(CapRef<Process, process::own> p) const;
  void poll(CapRef<Process, process::own> p) const;
  Opt<i64> check_interval(CapRef<Process, process::own> p, IntervalTimer which, i64 now) const;
  Opt<i64> check_limit(CapRef<Process, process::own> p, i64 now) const;
  SpinLocked<State, rank::kTimer> state_{};
  WeakCap<Process> process_;
  Timer real_;
  Timer poll_;
};

// CPU time of a process or thread.
struct CpuTimes { Duration user{}, system{}; };
CpuTimes cpu_times(const Process& p);
CpuTimes cpu_times(const Thread& t);
// Hooks of the delivery code and the thread loop.
void timer_delivered(CapRef<Process, process::own> p, SigInfo& i);
void alarm_delivered(CapRef<Process, process::own> p);
void check_cpu_timers(CapRef<Process, process::own> p);
// The process has a (new) limit of CPU time.
void watch_cpu_limit(CapRef<Process, process::own> p);

}  // namespace svc::proc
