// SPDX-License-Identifier: MPL-2.0
// send and receive in all forms, with what travels beside the bytes. [send(2), recv(2), sendmmsg(2), recvmmsg(2), cmsg(3)]
#include <services/net/names.h>
#include <services/syscall/sys_sockets.h>
#include <services/syscall/time_args.h>

namespace svc::sys {
namespace {

namespace msg {
constexpr u32 oob = 1, peek = 2, ctrunc = 8, trunc = 0x20, dontwait = 0x40, waitall = 0x100, nosignal = 0x4000, waitforone = 0x10000, cmsg_cloexec = 0x40000000,
              compat = 0x80000000;
}
constexpr u64 kMaxCount = 0x7fff'f000;
constexpr u64 kMostPieces = 1024, kMostFiles = 253, kMostControl = 131072;
constexpr u32 kMostMessages = 1024;
constexpr i32 kSocketLevel = 1;
constexpr i32 kRights = 1, kCredentials = 2;

struct ControlHead { u64 length = 0; i32 level = 0, type = 0; };
static_assert(sizeof(ControlHead) == 16);
u64 aligned(u64 n) { return (n + 7) & ~7ULL; }
bool outside(VirtAddr at, u64 n) { return n > kUserEnd.value || at.value > kUserEnd.value - n; }
u64 clip(u64 n) { return n < kMaxCount ? n : kMaxCount; }

// Only what one is may be told, but for the privileged. [unix(7): SCM_CREDENTIALS]
Result<net::PeerId> check_credentials(Caller& c, net::PeerId id) {
  const CredentialValues& v = c.credentials().values();
  const Uid u{id.uid};
  const Gid g{id.gid};
  const bool pid_ok = id.pid == c.process_id().value || c.capable(Capability::sys_admin);
  const bool uid_ok = u == v.uid || u == v.euid || u == v.suid || c.capable(Capability::setuid);
  const bool gid_ok = g == v.gid || g == v.egid || g == v.sgid || c.capable(Capability::setgid);
  if (id.uid == ~0U || id.gid == ~0U) return Errc::invalid_argument;
  if (!pid_ok || !uid_ok || !gid_ok) return Errc::not_permitted;
  if (id.pid != c.process_id().value && !c.system().tree().process(Pid{id.pid})) return Errc::no_process;
  return id;
}

struct Sending {
  Opt<net::PeerId> credentials{};
  Vec<net::Passed> files{};
};

Status read_files(Caller& c, Sending& s, std::span<const u8> data) {
  const usize n = data.size() / 4;
  if (n == 0) return Ok();
  if (n > kMostFiles || s.files.size() + n > kMostFiles) return Errc::invalid_argument;
  for (usize i = 0; i < n; ++i) s.files.push_back(TRY(c.files()->any(Fd{*from_bytes<i32>(data.subspan(i * 4, 4))})));
  return Ok();
}

Result<Sending> read_control(Caller& c, u64 at, u64 length) {
  Sending s{};
  if (length == 0) return s;
  if (length > kMostControl) return Errc::no_buffers;
  const Vec<u8> raw = TRY(user::read_array<u8>(c.address_space(), VirtAddr(at), length));
  for (u64 i = 0; i + sizeof(ControlHead) <= length;) {
    const std::span<const u8> rest = raw.items().subspan(i);
    const ControlHead h = *from_bytes<ControlHead>(rest);
    if (h.length < sizeof(ControlHead) || h.length > rest.size()) return Errc::invalid_argument;
    const std::span<const u8> data = rest.subspan(sizeof(ControlHead), h.length - sizeof(ControlHead));
    i += aligned(h.length);
    if (h.level != kSocketLevel) continue;
    if (h.type == kRights) {
      TRY(read_files(c, s, data));
    } else if (h.type == kCredentials) {
      if (data.size() != sizeof(net::PeerId)) return Errc::invalid_argument;
      s.credentials = TRY(check_credentials(c, *from_bytes<net::PeerId>(data)));
    } else {
      return Errc::invalid_argument;
    }
  }
  return s;
}

SysResult send_one(Caller& c, const net::SocketFile& s, Reader& from, u32 flags, const Address& to, Sending what) {
  const net::Endpoint& e = *s.endpoint();
  if ((flags & msg::oob) != 0) return Errc::not_supported;
  Opt<Ref<net::UnixName>> name{};
  if (to.length != 0 && e.kind() == net::Kind::datagram) name = TRY(name_of(to));
  if (e.kind() == net::Kind::datagram && e.pass_credentials.load() != 0) TRY(e.bind_any());
  net::SendArgs a{};
  a.nonblocking = s.nonblocking() || (flags & msg::dontwait) != 0;
  a.self = net::sender_id(c);
  a.credentials = what.credentials;
  if (!what.files.empty()) {
    c.system().sockets()->collect(none);
    Ref<net::FlightQuota> quota = c.system().sockets()->quota(c.credentials().values().uid);
    a.too_many_files = quota->used.load() > c.process()->limit(proc::Resource::nofile).soft && !c.capable(Capability::sys_resource) && !c.capable(Capability::sys_admin);
    a.files = make_ref<net::FileList>(std::move(what.files), std::move(quota));
  }
  const Result<usize> n = e.send(a, from, to.length != 0, [&] { return net::find_by_name(c, *c.fs(), *c.system().sockets(), **name, e.kind()); });
  if (n.ok()) return static_cast<i64>(n.value());
  if (n.error() == Errc::broken_pipe && (flags & msg::nosignal) == 0 && s.signals_broken_pipe()) c.signal_self(proc::sig::pipe);
  return Err(n.error());
}

net::ReceiveArgs receive_args(const net::SocketFile& s, u32 flags) {
  net::ReceiveArgs a{};
  a.nonblocking = s.nonblocking() || (flags & msg::dontwait) != 0;
  a.peek = (flags & msg::peek) != 0;
  a.wait_all = (flags & msg::waitall) != 0;
  return a;
}
Result<net::Received> receive_one(const net::SocketFile& s, Writer& to, u32 flags) {
  if ((flags & msg::oob) != 0) return s.endpoint()->kind() == net::Kind::stream ? Errc::invalid_argument : Errc::not_supported;
  return s.endpoint()->receive(receive_args(s, flags), to);
}
i64 length_told(const net::Received& r, u32 flags) { return static_cast<i64>((flags & msg::trunc) != 0 ? r.length : r.copied); }

// The control buffer of a receiver, filled from its front.
struct Control {
  u64 at = 0, left = 0;
  bool cut = false;
};
Status put_control(Caller& c, Control& k, i32 type, std::span<const u8> data) {
  const u64 whole = sizeof(ControlHead) + data.size();
  if (k.at == 0 || k.left < sizeof(ControlHead)) {
    k.cut = true;
    return Ok();
  }
  const u64 n = whole < k.left ? whole : k.left;
  k.cut = k.cut || n < whole;
  TRY(user::write(c.address_space(), VirtAddr(k.at), ControlHead{n, kSocketLevel, type}));
  TRY(user::write_bytes(c.address_space(), VirtAddr(k.at + sizeof(ControlHead)), data.first(n - sizeof(ControlHead))));
  const u64 used = aligned(whole) < k.left ? aligned(whole) : k.left;
  k.at += used;
  k.left -= used;
  return Ok();
}
// As many descriptors as there is room for; the others are closed.
void put_files(Caller& c, Control& k, const net::FileList& list, bool cloexec) {
  const u64 limit = c.process()->limit(proc::Resource::nofile).soft;
  const usize room = k.at != 0 && k.left > sizeof(ControlHead) ? (k.left - sizeof(ControlHead)) / 4 : 0;
  usize done = 0;
  for (const net::Passed& f : list.files()) {
    if (done == room) break;
    Result<fs::FdSlot> slot = fs::FdSlot::take(c.files(), cloexec ? fs::CloseOnExec::yes : fs::CloseOnExec::no, limit);
    if (!slot.ok() || !user::write(c.address_space(), VirtAddr(k.at + sizeof(ControlHead) + done * 4), slot.value().fd().value).ok()) break;
    static_cast<void>(std::move(slot).value().fill(MUST(f.dup())));  // every entry of a table can be duplicated
    ++done;
  }
  k.cut = k.cut || done < list.files().size();
  if (done == 0 || !user::write(c.address_space(), VirtAddr(k.at), ControlHead{sizeof(ControlHead) + done * 4, kSocketLevel, kRights}).ok()) return;
  const u64 whole = aligned(sizeof(ControlHead) + done * 4), used = whole < k.left ? whole : k.left;
  k.at += used;
  k.left -= used;
}

Result<UserMessage> read_message(Caller& c, UserPtr<UserMessage> at) {
  UserMessage m = TRY(user::read<UserMessage>(c.address_space(), at.at));
  if (m.name == 0) m.name_length = 0;
  if (m.name_length > INT32_MAX) return Errc::invalid_argument;
  if (m.name_length > kAddressMost) m.name_length = kAddressMost;
  return m;
}

Result<i64> send_message(Caller& c, const net::SocketFile& s, UserPtr<UserMessage> at, u32 flags) {
  const UserMessage m = TRY(read_message(c, at));
  const Address to = TRY(read_address(c, VirtAddr(m.name), static_cast<i32>(m.name_length)));
  if (m.count > kMostPieces) return Errc::message_too_long;
  const Vec<IoSlice> pieces = TRY(read_iovec(c, {VirtAddr(m.pieces)}, m.count));
  if (m.control_length > INT32_MAX) return Errc::no_buffers;
  Sending what = TRY(read_control(c, m.control, m.control_length));
  Reader r = Reader::user_vec(c.address_space(), pieces.items());
  return send_one(c, s, r, flags, to, std::move(what));
}

Result<i64> receive_message(Caller& c, const net::SocketFile& s, UserPtr<UserMessage> at, u32 flags) {
  const UserMessage m = TRY(read_message(c, at));
  if (m.count > kMostPieces) return Errc::message_too_long;
  const Vec<IoSlice> pieces = TRY(read_iovec(c, {VirtAddr(m.pieces)}, m.count));
  Writer w = Writer::user_vec(c.address_space(), pieces.items());
  const net::Received r = TRY(receive_one(s, w, flags));
  Control k{m.control, m.control_length, false};
  // What cannot be told of the sender is not told; the message has been received.
  if (r.sender) static_cast<void>(put_control(c, k, kCredentials, as_bytes(*r.sender)).ok());
  if (r.files) put_files(c, k, **r.files, (flags & msg::cmsg_cloexec) != 0);
  // The length of the name and what is told of the message stand in the structure itself.
  const VirtAddr name_length(at.at.value + 8), control_length(at.at.value + 40), told(at.at.value + 48);
  if (m.name != 0) TRY(write_address_or_none(c, VirtAddr(m.name), name_length, r.from));
  const u32 out = (flags & msg::cmsg_cloexec) | (r.truncated ? msg::trunc : 0) | (k.cut ? msg::ctrunc : 0);
  TRY(user::write(c.address_space(), told, out));
  TRY(user::write(c.address_space(), control_length, m.control_length - k.left));
  return length_told(r, flags);
}

}  // namespace

SysResult sys_sendto(Caller& c, Fd fd, UserBuffer from, u64 count, u32 flags, UserBuffer address, i32 length) {
  if (outside(from.at, clip(count))) return Errc::fault;
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  const Address to = TRY(read_address(c, address.at, address.at.value == 0 ? 0 : length));
  Reader r = Reader::user(c.address_space(), from.at, clip(count));
  return send_one(c, *s, r, flags, to, Sending{});
}
SysResult sys_recvfrom(Caller& c, Fd fd, UserBuffer to, u64 count, u32 flags, UserBuffer address, UserPtr<i32> length) {
  if (outside(to.at, clip(count))) return Errc::fault;
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  Writer w = Writer::user(c.address_space(), to.at, clip(count));
  const net::Received r = TRY(receive_one(*s, w, flags));
  if (address.at.value != 0) TRY(write_address_or_none(c, address.at, length.at, r.from));
  return length_told(r, flags);
}

SysResult sys_sendmsg(Caller& c, Fd fd, UserPtr<UserMessage> message, u32 flags) {
  if ((flags & msg::compat) != 0) return Errc::invalid_argument;
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  return send_message(c, *s, message, flags);
}
SysResult sys_recvmsg(Caller& c, Fd fd, UserPtr<UserMessage> message, u32 flags) {
  if ((flags & msg::compat) != 0) return Errc::invalid_argument;
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  return receive_message(c, *s, message, flags);
}

SysResult sys_sendmmsg(Caller& c, Fd fd, UserPtr<UserMultiMessage> messages, u32 count, u32 flags) {
  if ((flags & msg::compat) != 0) return Errc::invalid_argument;
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  const u32 most = count < kMostMessages ? count : kMostMessages;
  for (u32 i = 0; i < most; ++i) {
    const UserPtr<UserMultiMessage> at = messages + i;
    Result<i64> n = send_message(c, *s, {at.at}, flags);
    if (n.ok()) {
      const Status told = user::write(c.address_space(), VirtAddr(at.at.value + sizeof(UserMessage)), static_cast<u32>(n.value()));
      if (!told.ok()) n = Err(told.error());
    }
    if (!n.ok()) return i != 0 ? SysResult(i) : n;
    if (c.signal_pending()) return i + 1;
  }
  return most;
}

SysResult sys_recvmmsg(Caller& c, Fd fd, UserPtr<UserMultiMessage> messages, u32 count, u32 flags, UserPtr<UserTime> timeout) {
  if ((flags & msg::compat) != 0) return Errc::invalid_argument;
  Opt<Instant> deadline{};
  if (!timeout.null()) {
    const UserTime t = TRY(user::read<UserTime>(c.address_space(), timeout.at));
    if (t.seconds < 0 || t.nanos < 0 || t.nanos >= 1'000'000'000) return Errc::invalid_argument;
    deadline = time::now() + (Duration::seconds(t.seconds) + Duration::nanos(t.nanos));
  }
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  if (!s->endpoint()->connects() || s->endpoint()->phase() != net::Phase::listening) {
    const Errc e = s->endpoint()->take_error();
    if (e != Errc::ok) return Err(e);
  }
  i64 done = 0;
  Errc error = Errc::ok;
  for (u32 i = 0; i < count; ++i) {
    const UserPtr<UserMultiMessage> at = messages + i;
    const u32 wait = (flags & msg::waitforone) != 0 && done != 0 ? msg::dontwait : 0;
    Result<i64> n = receive_message(c, *s, {at.at}, (flags & ~msg::waitforone) | wait);
    if (n.ok()) {
      const Status told = user::write(c.address_space(), VirtAddr(at.at.value + sizeof(UserMessage)), static_cast<u32>(n.value()));
      if (!told.ok()) n = Err(told.error());
    }
    if (!n.ok()) {
      error = n.error();
      break;
    }
    ++done;
    if (deadline && *deadline <= time::now()) break;
  }
  if (done == 0 && error != Errc::ok) return Err(error);
  // What went wrong after some messages is told by the next call; to a signal there is nothing more to say.
  if (error != Errc::ok && error != Errc::again && error != Errc::interrupted && error != Errc::restart_syscall) s->endpoint()->set_error(error);
  if (deadline && done != 0) {
    const Instant now = time::now();
    const i64 left = *deadline > now ? (*deadline - now).ns : 0;
    TRY(user::write(c.address_space(), timeout.at, UserTime{left / 1'000'000'000, left % 1'000'000'000}));
  }
  return done;
}

}  // namespace svc::sys
