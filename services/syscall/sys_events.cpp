// SPDX-License-Identifier: MPL-2.0
// pipe, eventfd, timerfd, signalfd, memfd_create. [the man pages of these names, section 2]
#include <ostd/time.h>
#include <services/fs/event_fd.h>
#include <services/fs/memfd.h>
#include <services/fs/pipe.h>
#include <services/process/signal_fd.h>
#include <services/syscall/sys_events.h>

namespace svc::sys {
namespace {

namespace o = fs::oflag;

u64 fd_limit(Caller& c) { return c.process()->limit(proc::Resource::nofile).soft; }
fs::CloseOnExec cloexec_of(u32 flags) { return (flags & o::cloexec) != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no; }

SysResult install(Caller& c, Ref<fs::File> f, u32 flags) {
  const Fd fd = TRY(c.files()->install(std::move(f), cloexec_of(flags), fd_limit(c)));
  return static_cast<i64>(fd.value);
}

constexpr i64 kNanos = 1'000'000'000;
bool valid(i64 s, i64 ns) { return s >= 0 && ns >= 0 && ns < kNanos; }
Duration span_of(i64 s, i64 ns) { return Duration::seconds(s) + Duration::nanos(ns); }

UserItimerspec to_user(const fs::TimerFd::Setting& s) {
  UserItimerspec u{};
  u.interval_s = s.interval.ns / kNanos;
  u.interval_ns = s.interval.ns % kNanos;
  if (s.next) {
    const Instant now = time::now();
    const i64 left = *s.next > now ? (*s.next - now).ns : 1;
    u.value_s = left / kNanos;
    u.value_ns = left % kNanos;
  }
  return u;
}

Result<Ref<fs::TimerFd>> timer_arg(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<Ref<fs::TimerFd>> t = f.ref().as<fs::TimerFd>();
  if (!t) return Errc::invalid_argument;
  return *t;
}

}  // namespace

SysResult sys_pipe(Caller& c, UserPtr<UserFdPair> out) { return sys_pipe2(c, out, OpenFlags{}); }
SysResult sys_pipe2(Caller& c, UserPtr<UserFdPair> out, OpenFlags flags) {
  constexpr u32 kNotification = o::excl;
  if ((flags.bits & ~(o::cloexec | o::nonblock | o::direct | kNotification)) != 0) return Errc::invalid_argument;
  if ((flags.bits & kNotification) != 0) return Errc::no_package;  // as a kernel without CONFIG_WATCH_QUEUE
  fs::PipeEnds p = TRY(c.system().parts().pipes->make_pipe(c, flags.bits));
  const Fd r = TRY(c.files()->install(std::move(p.read), cloexec_of(flags.bits), fd_limit(c)));
  const Result<Fd> w = c.files()->install(std::move(p.write), cloexec_of(flags.bits), fd_limit(c));
  Status s = w.ok() ? user::write(c.address_space(), out.at, UserFdPair{r.value, w.value().value}) : Status(w.error());
  if (!s.ok()) {
    static_cast<void>(c.files()->remove(r).ok());
    if (w.ok()) static_cast<void>(c.files()->remove(w.value()).ok());
    return Err(s.error());
  }
  return 0;
}

SysResult sys_eventfd(Caller& c, u32 value) { return sys_eventfd2(c, value, 0); }
SysResult sys_eventfd2(Caller& c, u32 value, u32 flags) {
  constexpr u32 kSemaphore = 1;
  if ((flags & ~(kSemaphore | o::cloexec | o::nonblock)) != 0) return Errc::invalid_argument;
  return install(c, Ref<fs::File>(make_ref<fs::EventFd>(value, (flags & kSemaphore) != 0, o::rdwr | (flags & o::nonblock))), flags);
}

SysResult sys_timerfd_create(Caller& c, u32 clock, u32 flags) {
  if ((flags & ~(o::cloexec | o::nonblock)) != 0) return Errc::invalid_argument;
  if (clock == 8 || clock == 9) {  // *_ALARM
    if (!c.capable(Capability::wake_alarm)) return Errc::not_permitted;
  } else if (clock != 0 && clock != 1 && clock != 7) {
    return Errc::invalid_argument;
  }
  const bool wall = clock == 0 || clock == 8;
  return install(c, Ref<fs::File>(fs::TimerFd::create(wall ? fs::TimerFd::Clock::realtime : fs::TimerFd::Clock::monotonic, o::rdwr | (flags & o::nonblock))), flags);
}

SysResult sys_timerfd_settime(Caller& c, Fd fd, u32 flags, UserPtr<UserItimerspec> value, UserPtr<UserItimerspec> old) {
  constexpr u32 kAbsolute = 1, kCancelOnSet = 2;
  const UserItimerspec u = TRY(user::read<UserItimerspec>(c.address_space(), value.at));
  if ((flags & ~(kAbsolute | kCancelOnSet)) != 0 || !valid(u.interval_s, u.interval_ns) || !valid(u.value_s, u.value_ns)) return Errc::invalid_argument;
  const Ref<fs::TimerFd> t = TRY(timer_arg(c, fd));
  fs::TimerFd::Setting s{};
  s.interval = span_of(u.interval_s, u.interval_ns);
  const Duration first = span_of(u.value_s, u.value_ns);
  if (first.ns != 0) {
    const i64 base = t->clock() == fs::TimerFd::Clock::realtime ? time::wall_offset() : 0;
    const Duration since_boot = first - Duration::nanos(base);
    s.next = (flags & kAbsolute) == 0 ? time::now() + first : Instant{since_boot.ns > 0 ? static_cast<u64>(since_boot.ns) : 0};
  }
  const fs::TimerFd::Setting before = t->set(s);
  if (!old.null()) TRY(user::write(c.address_space(), old.at, to_user(before)));
  return 0;
}
SysResult sys_timerfd_gettime(Caller& c, Fd fd, UserPtr<UserItimerspec> out) {
  const Ref<fs::TimerFd> t = TRY(timer_arg(c, fd));
  TRY(user::write(c.address_space(), out.at, to_user(t->get())));
  return 0;
}

SysResult sys_signalfd(Caller& c, Fd fd, UserPtr<u64> mask, u64 size) { return sys_signalfd4(c, fd, mask, size, 0); }
SysResult sys_signalfd4(Caller& c, Fd fd, UserPtr<u64> mask, u64 size, u32 flags) {
  if (size != 8) return Errc::invalid_argument;
  const proc::SigSet set = proc::SigSet{TRY(user::read<u64>(c.address_space(), mask.at))}.without(proc::kUnblockable);
  if ((flags & ~(o::cloexec | o::nonblock)) != 0) return Errc::invalid_argument;
  if (fd.value == -1) return install(c, Ref<fs::File>(make_ref<proc::SignalFd>(set, c.process(), o::rdwr | (flags & o::nonblock))), flags);
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<Ref<proc::SignalFd>> s = f.ref().as<proc::SignalFd>();
  if (!s) return Errc::invalid_argument;
  (*s)->set_mask(set);
  return static_cast<i64>(fd.value);
}

SysResult sys_memfd_create(Caller& c, UserString name, u32 flags) {
  constexpr u32 kCloexec = 1, kAllowSealing = 2, kNoexecSeal = 8, kExec = 16;
  constexpr u32 kSealSeal = 1, kSealExec = 32;
  if ((flags & ~(kCloexec | kAllowSealing | kNoexecSeal | kExec)) != 0 || (flags & (kExec | kNoexecSeal)) == (kExec | kNoexecSeal)) return Errc::invalid_argument;
  const Result<String> n = user::read_string(c.address_space(), name.at, 249);
  if (!n.ok()) return n.error() == Errc::name_too_long ? Errc::invalid_argument : n.error();
  const bool sealing = (flags & (kAllowSealing | kNoexecSeal)) != 0;
  const u32 seals = (sealing ? 0 : kSealSeal) | ((flags & kNoexecSeal) != 0 ? kSealExec : 0);
  Ref<fs::File> f = TRY(fs::MemFile::create(n.value().view(), seals, (flags & kNoexecSeal) != 0 ? 0666 : 0777));
  return install(c, std::move(f), (flags & kCloexec) != 0 ? o::cloexec : 0);
}

}  // namespace svc::sys
