// SPDX-License-Identifier: MPL-2.0
// socket, socketpair, names, connections. [the man pages of these names, section 2; unix(7)]
#include <services/net/names.h>
#include <services/syscall/sys_sockets.h>

namespace svc::sys {
namespace {

namespace o = fs::oflag;
using fs::FdSlot;

u64 fd_limit(Caller& c) { return c.process()->limit(proc::Resource::nofile).soft; }
fs::CloseOnExec cloexec_of(u32 flags) { return (flags & o::cloexec) != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no; }

constexpr u32 kTypeMask = 0xf;
constexpr i32 kUnix = 1, kFamilies = 46;
constexpr u32 kTypes = 11;

// Errors in the order of Linux: family, type, protocol, then what the family knows.
Result<net::Kind> kind_of(i32 family, u32 type, i32 protocol) {
  constexpr u32 kStream = 1, kDatagram = 2, kRaw = 3, kSeqpacket = 5;
  if (family < 0 || family >= kFamilies) return Errc::family_not_supported;
  if (type >= kTypes) return Errc::invalid_argument;
  if (family != kUnix) return Errc::family_not_supported;
  if (protocol != 0 && protocol != kUnix) return Errc::protocol_not_supported;
  switch (type) {
    case kStream: return net::Kind::stream;
    case kDatagram:
    case kRaw: return net::Kind::datagram;  // as BSD had it
    case kSeqpacket: return net::Kind::seqpacket;
    default: return Errc::socket_type_not_supported;
  }
}
bool bad_flags(u32 type) { return (type & ~kTypeMask & ~(o::cloexec | o::nonblock)) != 0; }

Result<Ref<net::Endpoint>> find(Caller& c, const net::UnixName& name, net::Kind kind) { return net::find_by_name(c, *c.fs(), *c.system().sockets(), name, kind); }

}  // namespace

SysResult sys_socket(Caller& c, i32 family, u32 type, i32 protocol) {
  if (bad_flags(type)) return Errc::invalid_argument;
  const net::Kind kind = TRY(kind_of(family, type & kTypeMask, protocol));
  c.system().sockets()->collect(none);
  const Ref<net::SocketFile> f = net::SocketFile::create(c, make_ref<net::Endpoint>(kind, c.system().sockets()), type);
  const Fd fd = TRY(c.files()->install(Ref<fs::File>(f), cloexec_of(type), fd_limit(c)));
  return static_cast<i64>(fd.value);
}

// The numbers are there, and told, before the sockets are made.
SysResult sys_socketpair(Caller& c, i32 family, u32 type, i32 protocol, UserPtr<UserSocketPair> out) {
  if (bad_flags(type)) return Errc::invalid_argument;
  FdSlot first = TRY(FdSlot::take(c.files(), cloexec_of(type), fd_limit(c))), second = TRY(FdSlot::take(c.files(), cloexec_of(type), fd_limit(c)));
  TRY(user::write(c.address_space(), out.at, UserSocketPair{first.fd().value, second.fd().value}));
  const net::Kind kind = TRY(kind_of(family, type & kTypeMask, protocol));
  c.system().sockets()->collect(none);
  const Ref<net::Endpoint> a = make_ref<net::Endpoint>(kind, c.system().sockets()), b = make_ref<net::Endpoint>(kind, c.system().sockets());
  const Ref<net::SocketFile> x = net::SocketFile::create(c, a, type), y = net::SocketFile::create(c, b, type);
  net::Endpoint::pair(a, b, net::peer_of(c));
  static_cast<void>(std::move(first).fill(Ref<fs::File>(x)));
  static_cast<void>(std::move(second).fill(Ref<fs::File>(y)));
  return 0;
}

SysResult sys_bind(Caller& c, Fd fd, UserBuffer address, i32 length) {
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  const Address a = TRY(read_address(c, address.at, length));
  if (a.length == 2 && a.family == kUnix) {
    TRY(s->endpoint()->bind_any());
    return 0;
  }
  const Ref<net::UnixName> name = TRY(name_of(a));
  TRY(s->endpoint()->bind(c, *c.fs(), name));
  return 0;
}

SysResult sys_listen(Caller& c, Fd fd, i32 backlog) {
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  TRY(s->endpoint()->listen(static_cast<u32>(backlog), net::peer_of(c)));
  return 0;
}

SysResult sys_accept(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length) { return sys_accept4(c, fd, address, length, 0); }
SysResult sys_accept4(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length, u32 flags) {
  const Ref<fs::File> any = TRY(c.files()->get(fd));
  if (any->path_only()) return Errc::bad_descriptor;
  if ((flags & ~(o::cloexec | o::nonblock)) != 0) return Errc::invalid_argument;
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  FdSlot slot = TRY(FdSlot::take(c.files(), cloexec_of(flags), fd_limit(c)));
  const Ref<net::Endpoint> e = TRY(s->endpoint()->accept(s->nonblocking()));
  const Ref<net::SocketFile> f = net::SocketFile::create(c, e, flags);
  if (address.at.value != 0) {
    const Result<Opt<Ref<net::UnixName>>> peer = e->peer_name();
    if (!peer.ok()) return Errc::connection_aborted;
    TRY(write_address(c, address.at, length, peer.value()));
  }
  return static_cast<i64>(std::move(slot).fill(Ref<fs::File>(f)).value);
}

SysResult sys_connect(Caller& c, Fd fd, UserBuffer address, i32 length) {
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  const Ref<net::Endpoint>& e = s->endpoint();
  const Address a = TRY(read_address(c, address.at, length));
  if (!e->connects() && a.length >= 2 && a.family == 0) {
    TRY(e->disconnect());
    return 0;
  }
  const Ref<net::UnixName> name = TRY(name_of(a));
  if (e->pass_credentials.load() != 0) TRY(e->bind_any());
  TRY(e->connect(net::peer_of(c), s->nonblocking(), [&] { return find(c, *name, e->kind()); }));
  return 0;
}

SysResult sys_getsockname(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length) {
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  TRY(write_address(c, address.at, length, s->endpoint()->name()));
  return 0;
}
SysResult sys_getpeername(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length) {
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  const Opt<Ref<net::UnixName>> name = TRY(s->endpoint()->peer_name());
  TRY(write_address(c, address.at, length, name));
  return 0;
}

SysResult sys_shutdown(Caller& c, Fd fd, i32 how) {
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  if (how < 0 || how > 2) return Errc::invalid_argument;
  s->endpoint()->shutdown(static_cast<u32>(how) + 1);
  return 0;
}

}  // namespace svc::sys
