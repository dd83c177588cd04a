// SPDX-License-Identifier: MPL-2.0
// poll, ppoll, select, pselect6. [poll(2), select(2)]
#include <base/bytes.h>
#include <ostd/time.h>
#include <services/fs/poll_wait.h>
#include <services/process/restart.h>
#include <services/process/signal_api.h>
#include <services/syscall/poll_args.h>
#include <services/syscall/sys_poll.h>

namespace svc::sys {

Result<Opt<Instant>> deadline_of(Caller& c, UserPtr<UserTimespec> t) {
  if (t.null()) return Opt<Instant>();
  const UserTimespec u = TRY(user::read<UserTimespec>(c.address_space(), t.at));
  if (u.seconds < 0 || u.nanos < 0 || u.nanos >= 1'000'000'000) return Errc::invalid_argument;
  return Opt<Instant>(time::now() + Duration::seconds(u.seconds) + Duration::nanos(u.nanos));
}
Opt<Instant> deadline_ms(i32 ms) {
  if (ms < 0) return none;
  return time::now() + Duration::millis(ms);
}
Status use_mask(Caller& c, UserPtr<u64> mask, u64 size) {
  if (mask.null()) return Ok();
  if (size != 8) return Errc::invalid_argument;
  const u64 bits = TRY(user::read<u64>(c.address_space(), mask.at));
  proc::set_temporary_mask(c.me(), proc::SigSet{bits}.without(proc::kUnblockable));
  return Ok();
}

namespace {

// What is left until the deadline, for calls that report it.
UserTimespec left_until(const Opt<Instant>& d) {
  const Instant now = time::now();
  const i64 ns = d && *d > now ? (*d - now).ns : 0;
  return {ns / 1'000'000'000, ns % 1'000'000'000};
}

SysResult do_poll(Caller& c, UserPtr<UserPollfd> fds, u32 count, Opt<Instant> deadline) {
  if (count > c.process()->limit(proc::Resource::nofile).soft) return Errc::invalid_argument;
  TRY(mem::reserve(8 + count / 32));
  Vec<UserPollfd> raw = TRY(user::read_array<UserPollfd>(c.address_space(), fds.at, count));
  Vec<fs::PollItem> items{};
  items.reserve(raw.size());
  for (const UserPollfd& r : raw) {
    fs::PollItem i{};
    i.wanted = PollEvents{r.events};
    if (r.fd >= 0) {
      const Result<Cap<fs::File, fs::file::control>> f = c.files()->get<fs::file::control>(Fd{r.fd});
      if (f.ok()) i.file = f.value().ref();
      else i.got = poll::nval;
    }
    items.push_back(std::move(i));
  }
  const Result<usize> n = fs::poll_wait(items, deadline);
  if (!n.ok()) return n.error();
  for (usize i = 0; i < raw.size(); ++i)
    TRY(user::write(c.address_space(), VirtAddr((fds + i).at.value + 6), static_cast<u16>(items[i].got.bits & 0xffff)));
  return static_cast<i64>(n.value());
}

struct Sets {
  Vec<u64> in{}, out{}, ex{};
};

Result<Vec<u64>> read_set(Caller& c, UserPtr<u64> at, usize words) {
  if (at.null()) return Vec<u64>::filled(words, 0);
  return user::read_array<u64>(c.address_space(), at.at, words);
}
bool test(const Vec<u64>& v, usize i) { return (v[i / 64] >> (i % 64) & 1) != 0; }

// POLL* bits behind each of select's sets, as Linux's POLLIN_SET, POLLOUT_SET, POLLEX_SET.
constexpr PollEvents kIn{0x1 | 0x40 | 0x80 | 0x10 | 0x8}, kOut{0x4 | 0x100 | 0x200 | 0x8}, kEx{0x2};

SysResult do_select(Caller& c, i32 n, UserPtr<u64> in, UserPtr<u64> out, UserPtr<u64> ex, Opt<Instant> deadline) {
  if (n < 0) return Errc::invalid_argument;
  const u64 most = c.process()->limit(proc::Resource::nofile).soft;
  usize count = static_cast<u64>(n) > most ? most : static_cast<usize>(n);
  const usize words = (count + 63) / 64;
  TRY(mem::reserve(8 + count / 32));
  const Sets want{TRY(read_set(c, in, words)), TRY(read_set(c, out, words)), TRY(read_set(c, ex, words))};
  Vec<fs::PollItem> items{};
  Vec<usize> numbers{};
  for (usize i = 0; i < count; ++i) {
    PollEvents e{};
    if (test(want.in, i)) e = e | kIn;
    if (test(want.out, i)) e = e | kOut;
    if (test(want.ex, i)) e = e | kEx;
    if (!e.any()) continue;
    Ref<fs::File> f = TRY(c.files()->get(Fd{static_cast<i32>(i)}));
    fs::PollItem item{};
    item.file = Opt<Ref<fs::File>>(std::move(f));
    item.wanted = e;
    items.push_back(std::move(item));
    numbers.push_back(i);
  }
  const Result<usize> waited = fs::poll_wait(items, deadline);
  if (!waited.ok()) return waited.error();
  Sets got{Vec<u64>::filled(words, 0), Vec<u64>::filled(words, 0), Vec<u64>::filled(words, 0)};
  i64 total = 0;
  for (usize k = 0; k < items.size(); ++k) {
    const usize i = numbers[k];
    const u64 bit = 1ULL << (i % 64);
    const PollEvents e = items[k].got;
    if (test(want.in, i) && (e & kIn).any()) { got.in[i / 64] |= bit; ++total; }
    if (test(want.out, i) && (e & kOut).any()) { got.out[i / 64] |= bit; ++total; }
    if (test(want.ex, i) && (e & kEx).any()) { got.ex[i / 64] |= bit; ++total; }
  }
  if (!in.null()) TRY(user::write_array<u64>(c.address_space(), in.at, got.in.items()));
  if (!out.null()) TRY(user::write_array<u64>(c.address_space(), out.at, got.out.items()));
  if (!ex.null()) TRY(user::write_array<u64>(c.address_space(), ex.at, got.ex.items()));
  return total;
}

// With a signal's arrival the mask stays changed until the signal is handled; else it comes back here.
SysResult finish_mask(Caller& c, SysResult r) {
  if (r.ok() || r.error() != Errc::interrupted) {
    proc::restore_mask(c.me());
    return r;
  }
  return Errc::restart_no_hand;
}

// The personality STICKY_TIMEOUTS: what is left of a timeout is not written back [personality(2)].
bool keeps_timeouts(Caller& c) { return (c.me().words().personality.load() & 0x4000000) != 0; }

}  // namespace

SysResult sys_poll(Caller& c, UserPtr<UserPollfd> fds, u32 count, i32 timeout_ms) {
  const Opt<Instant> d = timeout_ms < 0 ? Opt<Instant>() : Opt<Instant>(proc::relative_deadline(c, Duration::millis(timeout_ms)));
  const SysResult r = do_poll(c, fds, count, d);
  if (r.ok() || r.error() != Errc::interrupted) return r;
  // EINTR when a handler ran; else it goes on with the time that is left.
  return proc::restart_until(c, d ? *d : Instant::never());
}

SysResult sys_ppoll(Caller& c, UserPtr<UserPollfd> fds, u32 count, UserPtr<UserTimespec> timeout, UserPtr<u64> mask, u64 mask_size) {
  const Opt<Instant> d = TRY(deadline_of(c, timeout));
  TRY(use_mask(c, mask, mask_size));
  SysResult r = finish_mask(c, do_poll(c, fds, count, d));
  if (!timeout.null() && !keeps_timeouts(c)) static_cast<void>(user::write(c.address_space(), timeout.at, left_until(d)).ok());
  return r;
}

SysResult sys_select(Caller& c, i32 n, UserPtr<u64> in, UserPtr<u64> out, UserPtr<u64> ex, UserPtr<UserTimeval> timeout) {
  Opt<Instant> d{};
  if (!timeout.null()) {
    const UserTimeval t = TRY(user::read<UserTimeval>(c.address_space(), timeout.at));
    if (t.seconds < 0 || t.micros < 0) return Errc::invalid_argument;
    d = time::now() + Duration::seconds(t.seconds) + Duration::micros(t.micros);
  }
  SysResult r = do_select(c, n, in, out, ex, d);
  if (!timeout.null() && !keeps_timeouts(c)) {
    const UserTimespec left = left_until(d);
    static_cast<void>(user::write(c.address_space(), timeout.at, UserTimeval{left.seconds, left.nanos / 1000}).ok());
  }
  return !r.ok() && r.error() == Errc::interrupted ? SysResult(Errc::restart_no_hand) : r;
}

SysResult sys_pselect6(Caller& c, i32 n, UserPtr<u64> in, UserPtr<u64> out, UserPtr<u64> ex, UserPtr<UserTimespec> timeout, UserPtr<UserSigArg> sig) {
  const Opt<Instant> d = TRY(deadline_of(c, timeout));
  if (!sig.null()) {
    const UserSigArg a = TRY(user::read<UserSigArg>(c.address_space(), sig.at));
    TRY(use_mask(c, UserPtr<u64>{VirtAddr(a.mask)}, a.size));
  }
  SysResult r = finish_mask(c, do_select(c, n, in, out, ex, d));
  if (!timeout.null() && !keeps_timeouts(c)) static_cast<void>(user::write(c.address_space(), timeout.at, left_until(d)).ok());
  return r;
}

}  // namespace svc::sys
