// SPDX-License-Identifier: MPL-2.0
// eventfd and timerfd.
#include <base/array.h>
#include <base/bytes.h>
#include <base/format.h>
#include <services/fs/event_fd.h>

namespace svc::fs {
namespace {

Result<usize> give_u64(Writer& to, u64 v) {
  const usize n = TRY(to.write(as_bytes(v)));
  if (n != 8) return Errc::fault;
  return n;
}

}  // namespace

Opt<u64> EventFd::take() const {
  return state_.with([&](u64& v) -> Opt<u64> {
    if (v == 0) return none;
    const u64 got = semaphore_ ? 1 : v;
    v -= got;
    return got;
  });
}
bool EventFd::put(u64 add) const {
  return state_.with([&](u64& v) {
    if (v >= ~0ULL - add) return false;
    v += add;
    return true;
  });
}

Result<usize> EventFd::read(const Context& who, Writer& to) const {
  if (to.remaining() < 8) return Errc::invalid_argument;
  Opt<u64> got = take();
  if (!got) {
    if (nonblocking(who)) return Errc::again;
    const Result<u64> waited = queue_.wait_for(Wait::interruptible, [&] { return take(); });
    if (!waited.ok()) return Errc::restart_syscall;
    got = waited.value();
  }
  queue_.wake_all(poll::writable.bits);
  return give_u64(to, *got);
}

Result<usize> EventFd::write(const Context& who, Reader& from) const {
  if (from.remaining() != 8) return Errc::invalid_argument;
  Array<u8, 8> raw{};
  if (TRY(from.read(raw.items())) != 8) return Errc::fault;
  const u64 add = *from_bytes<u64>(raw.items());
  if (add == ~0ULL) return Errc::invalid_argument;
  if (!put(add)) {
    if (nonblocking(who)) return Errc::again;
    if (!queue_.wait_until(Wait::interruptible, [&] { return put(add); }).ok()) return Errc::restart_syscall;
  }
  queue_.wake_all(poll::readable.bits);
  return usize{8};
}

PollEvents EventFd::poll() const {
  const u64 v = state_.with([](u64& x) { return x; });
  PollEvents e{};
  if (v != 0) e = e | poll::in;
  if (v < ~0ULL - 1) e = e | poll::out;
  return e;
}
String EventFd::fdinfo() const {
  const u64 v = state_.with([](u64& x) { return x; });
  return ostd::format("eventfd-count: {:16x}\n", v);
}

// ---- timerfd ----

Ref<TimerFd> TimerFd::create(Clock clock, u32 flags) {
  const Ref<TimerFd> f = make_ref<TimerFd>(clock, flags);
  static_cast<void>(f->timer_.set(make_own<Timer>(Fn<void()>([w = Weak<TimerFd>(f)] {
    const Opt<Ref<TimerFd>> t = w.lock();
    if (t) (*t)->expired();
  }))));
  return f;
}

void TimerFd::expired() const {
  const Instant now = time::now();
  const Opt<Instant> next = state_.with([&](State& s) -> Opt<Instant> {
    if (!s.setting.next || *s.setting.next > now) return s.setting.next;
    if (s.setting.interval.ns <= 0) {
      ++s.expirations;
      s.setting.next = none;
      return none;
    }
    const u64 step = static_cast<u64>(s.setting.interval.ns);
    const u64 periods = (now.ns - s.setting.next->ns) / step + 1;
    s.expirations += periods;
    s.setting.next = Instant{s.setting.next->ns + periods * step};
    return s.setting.next;
  });
  if (next) timer_.get()->arm(*next);
  queue_.wake_all(poll::in.bits);
}

TimerFd::Setting TimerFd::set(const Setting& n) const {
  timer_.get()->cancel();
  const Setting old = get();
  state_.with([&](State& s) {
    s.setting = n;
    s.expirations = 0;
  });
  if (n.next) timer_.get()->arm(*n.next);
  return old;
}
TimerFd::Setting TimerFd::get() const {
  return state_.with([](State& s) { return s.setting; });
}

Opt<u64> TimerFd::take() const {
  return state_.with([](State& s) -> Opt<u64> {
    if (s.expirations == 0) return none;
    const u64 n = s.expirations;
    s.expirations = 0;
    return n;
  });
}

Result<usize> TimerFd::read(const Context& who, Writer& to) const {
  if (to.remaining() < 8) return Errc::invalid_argument;
  Opt<u64> got = take();
  if (!got) {
    if (nonblocking(who)) return Errc::again;
    const Result<u64> waited = queue_.wait_for(Wait::interruptible, [&] { return take(); });
    if (!waited.ok()) return Errc::restart_syscall;
    got = waited.value();
  }
  return give_u64(to, *got);
}
PollEvents TimerFd::poll() const {
  return state_.with([](State& s) { return s.expirations != 0 ? poll::in : PollEvents{}; });
}

}  // namespace svc::fs
