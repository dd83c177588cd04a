// SPDX-License-Identifier: MPL-2.0
// epoll. [epoll_create(2), epoll_ctl(2), epoll_wait(2)]
#include <services/fs/epoll.h>
#include <services/process/signal_api.h>
#include <services/syscall/poll_args.h>

namespace svc::sys {
namespace {

Result<Ref<fs::Epoll>> epoll_arg(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<Ref<fs::Epoll>> e = f.ref().as<fs::Epoll>();
  if (!e) return Errc::invalid_argument;
  return *e;
}

SysResult do_wait(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, Opt<Instant> deadline) {
  constexpr i32 kMost = INT32_MAX / static_cast<i32>(sizeof(UserEpollEvent));
  if (most <= 0 || most > kMost) return Errc::invalid_argument;
  const u64 room = static_cast<u64>(most) * sizeof(UserEpollEvent);
  if (events.at.value > kUserEnd.value - room) return Errc::fault;
  const Ref<fs::Epoll> e = TRY(epoll_arg(c, epoll));
  const Vec<fs::Epoll::Found> got = TRY(e->wait(static_cast<usize>(most), deadline));
  usize told = 0;
  for (; told < got.size(); ++told) {
    const u64 data = got[told].item->event().data;
    const UserEpollEvent u{got[told].events, static_cast<u32>(data & 0xffff'ffff), static_cast<u32>(data >> 32)};
    if (!user::write(c.address_space(), (events + told).at, u).ok()) break;
  }
  for (usize i = got.size(); i > told; --i) e->give_back(got[i - 1]);
  if (told == 0 && !got.empty()) return Errc::fault;
  return static_cast<i64>(told);
}

SysResult masked_wait(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, Opt<Instant> deadline, UserPtr<u64> mask, u64 mask_size) {
  TRY(use_mask(c, mask, mask_size));
  const SysResult r = do_wait(c, epoll, events, most, deadline);
  if (r.ok() || r.error() != Errc::interrupted) proc::restore_mask(c.me());
  return r;
}

}  // namespace

SysResult sys_epoll_create(Caller& c, i32 size) {
  if (size <= 0) return Errc::invalid_argument;
  return sys_epoll_create1(c, 0);
}
SysResult sys_epoll_create1(Caller& c, u32 flags) {
  if ((flags & ~fs::oflag::cloexec) != 0) return Errc::invalid_argument;
  const Fd fd = TRY(c.files()->install(Ref<fs::File>(make_ref<fs::Epoll>(fs::oflag::rdwr)), flags != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no,
                                       c.process()->limit(proc::Resource::nofile).soft));
  return static_cast<i64>(fd.value);
}

SysResult sys_epoll_ctl(Caller& c, Fd epoll, u32 op, Fd fd, UserPtr<UserEpollEvent> event) {
  constexpr u32 kAdd = 1, kDel = 2, kMod = 3;
  fs::EpollEvent e{};
  if (op != kDel) {
    const UserEpollEvent u = TRY(user::read<UserEpollEvent>(c.address_space(), event.at));
    e = {u.events, static_cast<u64>(u.high) << 32 | u.low};
  }
  const Ref<fs::File> ep = TRY(c.files()->get<fs::file::control>(epoll)).ref();
  const Ref<fs::File> f = TRY(c.files()->get<fs::file::control>(fd)).ref();
  if (!f->pollable()) return Errc::not_permitted;
  const Opt<Ref<fs::Epoll>> x = ep.as<fs::Epoll>();
  if (ep.same(f) || !x) return Errc::invalid_argument;
  switch (op) {
    case kAdd:
      TRY(f.is<fs::Epoll>() ? c.system().epoll_nesting().with([&](u32&) { return fs::Epoll::add(*x, fd, f, e); }) : fs::Epoll::add(*x, fd, f, e));
      return 0;
    case kDel: TRY((*x)->remove(fd, f)); return 0;
    case kMod: TRY((*x)->modify(fd, f, e)); return 0;
    default: return Errc::invalid_argument;
  }
}

SysResult sys_epoll_wait(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, i32 timeout_ms) {
  return do_wait(c, epoll, events, most, deadline_ms(timeout_ms));
}
SysResult sys_epoll_pwait(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, i32 timeout_ms, UserPtr<u64> mask, u64 mask_size) {
  return masked_wait(c, epoll, events, most, deadline_ms(timeout_ms), mask, mask_size);
}
SysResult sys_epoll_pwait2(Caller& c, Fd epoll, UserPtr<UserEpollEvent> events, i32 most, UserPtr<UserTimespec> timeout, UserPtr<u64> mask, u64 mask_size) {
  const Opt<Instant> d = TRY(deadline_of(c, timeout));
  return masked_wait(c, epoll, events, most, d, mask, mask_size);
}

}  // namespace svc::sys
