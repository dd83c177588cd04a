// SPDX-License-Identifier: MPL-2.0
// Reading and setting clocks. [clock_gettime(2), gettimeofday(2), time(2), times(2), adjtimex(2)]
#include <services/syscall/clock_ids.h>
#include <services/syscall/sys_time.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

// Ids of CPU clocks are ~pid << 3 | 4 for a thread | what is counted.
constexpr i32 kPerThread = 4, kCounted = 3, kProf = 0, kVirtual = 1, kScheduler = 2;

Result<ClockRef> find_cpu_clock(Caller& c, i32 id) {
  const i32 pid = ~(id >> 3);
  const i32 counted = id & kCounted;
  if (counted != kProf && counted != kVirtual && counted != kScheduler) return Errc::invalid_argument;
  ClockRef r{};
  r.user_only = counted == kVirtual;
  if ((id & kPerThread) != 0) {
    r.kind = ClockRef::Kind::thread;
    r.thread = pid == 0 ? Opt<Ref<proc::Thread>>(c.thread()) : c.system().tree().thread(Pid{pid});
    if (!r.thread || !(*r.thread)->process().same(c.process())) return Errc::invalid_argument;
    return r;
  }
  r.kind = ClockRef::Kind::process;
  r.process = pid == 0 ? Opt<Ref<proc::Process>>(c.process()) : c.system().tree().process(Pid{pid});
  if (!r.process) return Errc::invalid_argument;
  return r;
}

Status may_set(Caller& c) {
  static_cast<void>(TRY(c.wall_clock()));
  return Ok();
}

// Errors: EINVAL (not a time, or earlier than the machine's start), EPERM.
Status set_wall(Caller& c, i64 seconds, i64 nanos) {
  constexpr i64 last = INT64_MAX / kNanosPerSecond - 30LL * 365 * 24 * 3600;  // Linux: thirty years before the end
  if (seconds < 0 || seconds >= last || nanos < 0 || nanos >= kNanosPerSecond) return Errc::invalid_argument;
  const CapRef<WallClock, wall_clock::set> clock = TRY(c.wall_clock());
  const i64 wall = seconds * kNanosPerSecond + nanos;
  if (static_cast<u64>(wall) < time::now().ns) return Errc::invalid_argument;
  clock.set(wall);
  return Ok();
}

i64 ticks(Duration d) { return d.ns / 10'000'000; }  // USER_HZ is 100

}  // namespace

i64 ClockRef::now() const {
  switch (kind) {
    case Kind::realtime: return time::wall_now();
    case Kind::monotonic: return static_cast<i64>(time::now().ns);
    case Kind::realtime_coarse: {
      const i64 t = time::wall_now();
      return t - t % kTick;
    }
    case Kind::monotonic_coarse: return static_cast<i64>(time::now().ns / kTick * kTick);
    case Kind::process:
    case Kind::thread: {
      const proc::CpuTimes t = kind == Kind::process ? proc::cpu_times(**process) : proc::cpu_times(**thread);
      return user_only ? t.user.ns : (t.user + t.system).ns;
    }
  }
  return 0;
}

i64 ClockRef::resolution() const { return kind == Kind::realtime_coarse || kind == Kind::monotonic_coarse ? kTick : 1; }

Result<ClockRef> find_clock(Caller& c, i32 id) {
  ClockRef r{};
  switch (id) {
    case clk::realtime:
    case clk::realtime_alarm:
    case clk::tai: r.kind = ClockRef::Kind::realtime; return r;
    case clk::monotonic:
    case clk::monotonic_raw:
    case clk::boottime:
    case clk::boottime_alarm: r.kind = ClockRef::Kind::monotonic; return r;
    case clk::realtime_coarse: r.kind = ClockRef::Kind::realtime_coarse; return r;
    case clk::monotonic_coarse: r.kind = ClockRef::Kind::monotonic_coarse; return r;
    case clk::process_cpu:
      r.kind = ClockRef::Kind::process;
      r.process = c.process();
      return r;
    case clk::thread_cpu:
      r.kind = ClockRef::Kind::thread;
      r.thread = c.thread();
      return r;
    default: break;
  }
  if (id < 0) return find_cpu_clock(c, id);
  return Errc::invalid_argument;
}

// Errors: EINVAL, EFAULT.
SysResult sys_clock_gettime(Caller& c, i32 id, UserPtr<UserTimespec> to) {
  const ClockRef clock = TRY(find_clock(c, id));
  TRY(user::write(c.address_space(), to.at, to_timespec(clock.now())));
  return 0;
}
SysResult sys_clock_getres(Caller& c, i32 id, UserPtr<UserTimespec> to) {
  const ClockRef clock = TRY(find_clock(c, id));
  if (!to.null()) TRY(user::write(c.address_space(), to.at, to_timespec(clock.resolution())));
  return 0;
}
// Errors: EINVAL (not a clock that can be set), EFAULT, EINVAL, EPERM.
SysResult sys_clock_settime(Caller& c, i32 id, UserPtr<UserTimespec> t) {
  const bool cpu = id < 0;  // another process's; one's own have no setting at all
  if (id != clk::realtime && !(cpu && find_clock(c, id).ok())) return Errc::invalid_argument;
  const UserTimespec u = TRY(user::read<UserTimespec>(c.address_space(), t.at));
  if (cpu) return Errc::not_permitted;
  TRY(set_wall(c, u.seconds, u.nanos));
  return 0;
}

SysResult sys_gettimeofday(Caller& c, UserPtr<UserTimeval> t, UserPtr<UserTimezone> zone) {
  if (!t.null()) {
    const UserTimespec now = to_timespec(time::wall_now());
    TRY(user::write(c.address_space(), t.at, UserTimeval{now.seconds, now.nanos / 1000}));
  }
  if (!zone.null()) TRY(user::write(c.address_space(), zone.at, UserTimezone{}));
  return 0;
}
// Errors: EFAULT, EINVAL (microseconds), EFAULT (zone), EINVAL, EPERM, EINVAL (zone).
SysResult sys_settimeofday(Caller& c, UserPtr<UserTimeval> t, UserPtr<UserTimezone> zone) {
  UserTimeval v{};
  UserTimezone z{};
  if (!t.null()) {
    v = TRY(user::read<UserTimeval>(c.address_space(), t.at));
    if (v.micros < 0 || v.micros > 1'000'000) return Errc::invalid_argument;
  }
  if (!zone.null()) z = TRY(user::read<UserTimezone>(c.address_space(), zone.at));
  if (!t.null() && (v.seconds < 0 || v.micros == 1'000'000)) return Errc::invalid_argument;
  TRY(may_set(c));
  if (!zone.null() && (z.minutes_west > 15 * 60 || z.minutes_west < -15 * 60)) return Errc::invalid_argument;
  if (!t.null()) TRY(set_wall(c, v.seconds, v.micros * 1000));
  return 0;
}
SysResult sys_time(Caller& c, UserPtr<i64> to) {
  const i64 now = to_timespec(time::wall_now()).seconds;
  if (!to.null()) TRY(user::write(c.address_space(), to.at, now));
  return now;
}
SysResult sys_times(Caller& c, UserPtr<UserTms> to) {
  if (!to.null()) {
    const proc::Usage me = c.process()->usage_self(), children = c.process()->usage_children();
    TRY(user::write(c.address_space(), to.at, UserTms{ticks(me.user), ticks(me.system), ticks(children.user), ticks(children.system)}));
  }
  return static_cast<i64>(time::now().ns / 10'000'000);
}

namespace {

constexpr i64 kTimeError = 5;  // TIME_ERROR: nobody keeps this clock right

// The state of a clock that is not adjusted. Errors: EFAULT, EPERM, EOPNOTSUPP (any change).
SysResult read_adjustment(Caller& c, UserPtr<UserTimex> at) {
  UserTimex t = TRY(user::read<UserTimex>(c.address_space(), at.at));
  const u32 modes = static_cast<u32>(t.w[0] & 0xffff'ffff);
  if (modes != 0) {
    TRY(may_set(c));
    return Errc::not_supported;
  }
  const UserTimespec now = to_timespec(time::wall_now());
  t = UserTimex{};
  t.w[3] = t.w[4] = 16'000'000;  // largest and estimated error in microseconds
  t.w[5] = 0x40;                 // STA_UNSYNC
  t.w[6] = 2;                    // time constant
  t.w[7] = 1;                    // precision
  t.w[8] = 32'768'000;           // tolerance: 500 ppm
  t.w[9] = static_cast<u64>(now.seconds);
  t.w[10] = static_cast<u64>(now.nanos / 1000);
  t.w[11] = 10'000;              // microseconds between ticks
  TRY(user::write(c.address_space(), at.at, t));
  return kTimeError;
}

}  // namespace

SysResult sys_adjtimex(Caller& c, UserPtr<UserTimex> t) { return read_adjustment(c, t); }
SysResult sys_clock_adjtime(Caller& c, i32 id, UserPtr<UserTimex> t) {
  static_cast<void>(TRY(user::read<UserTimex>(c.address_space(), t.at)));
  static_cast<void>(TRY(find_clock(c, id)));
  if (id != clk::realtime) return Errc::not_supported;
  return read_adjustment(c, t);
}

}  // namespace svc::sys
