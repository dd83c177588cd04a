// SPDX-License-Identifier: MPL-2.0
// getsockopt, setsockopt. [getsockopt(2), socket(7), unix(7)]
#include <services/abi/errno.h>
#include <services/syscall/sys_sockets.h>

namespace svc::sys {
namespace {

namespace so {
constexpr i32 debug = 1, reuse_address = 2, type = 3, error = 4, dont_route = 5, broadcast = 6, send_buffer = 7, receive_buffer = 8, keep_alive = 9, oob_inline = 10,
              no_check = 11, priority = 12, linger = 13, bsd_compat = 14, reuse_port = 15, pass_credentials = 16, peer_credentials = 17, receive_low = 18, send_low = 19, receive_timeout = 20,
              send_timeout = 21, peer_name = 28, peek_offset = 42, peer_groups = 59, timestamp = 29, accepts = 30, send_buffer_force = 32, receive_buffer_force = 33, timestamp_ns = 35, mark = 36, protocol = 38,
              domain = 39, receive_timeout_new = 66, send_timeout_new = 67;
}
constexpr i32 kSocketLevel = 1;
constexpr u32 kMostBuffer = 212992, kLeastSend = 4608, kLeastReceive = 2304;

struct UserTimeval { i64 seconds = 0, micros = 0; };
struct UserLinger { i32 on = 0, seconds = 0; };

// Microseconds out of range, and times below zero, are as Linux takes them.
Result<u64> read_timeout(Caller& c, VirtAddr at, i32 length) {
  if (length < static_cast<i32>(sizeof(UserTimeval))) return Errc::invalid_argument;
  const UserTimeval t = TRY(user::read<UserTimeval>(c.address_space(), at));
  if (t.micros < 0 || t.micros >= 1'000'000) return Errc::domain;
  if (t.seconds < 0) return u64{1};
  const Duration d = Duration::seconds(t.seconds) + Duration::micros(t.micros);
  return d.ns == Duration::kMax ? u64{0} : static_cast<u64>(d.ns);
}
UserTimeval timeout_of(u64 ns) { return {static_cast<i64>(ns / 1'000'000'000), static_cast<i64>(ns % 1'000'000'000 / 1000)}; }

u32 buffer_size(i32 value, u32 least, u32 most) {
  const u32 v = static_cast<u32>(value) < most ? static_cast<u32>(value) : most;
  return v * 2 > least ? v * 2 : least;
}

Status set_remembered(const net::Endpoint& e, Caller& c, i32 name, i32 value) {
  const u32 on = value != 0 ? 1 : 0;
  const bool free_priority = value >= 0 && value <= 6;
  if (name == so::priority && !free_priority && !c.capable(Capability::net_raw) && !c.capable(Capability::net_admin)) return Errc::not_permitted;
  if (name == so::mark && !c.capable(Capability::net_raw) && !c.capable(Capability::net_admin)) return Errc::not_permitted;
  if (name == so::debug && on != 0 && !c.capable(Capability::net_admin)) return Errc::access_denied;
  return e.remembered().with([&](net::Remembered& r) -> Status {
    switch (name) {
      case so::debug: r.debug = on; break;
      case so::reuse_address: r.reuse_address = on; break;
      case so::reuse_port: return on != 0 ? Status(Errc::not_supported) : Ok();
      case so::dont_route: r.dont_route = on; break;
      case so::broadcast: r.broadcast = on; break;
      case so::keep_alive: r.keep_alive = on; break;
      case so::oob_inline: r.oob_inline = on; break;
      case so::no_check: r.no_check = on; break;
      case so::priority: r.priority = static_cast<u32>(value); break;
      case so::timestamp: r.timestamp = on; r.timestamp_ns = 0; break;
      case so::timestamp_ns: r.timestamp_ns = on; r.timestamp = 0; break;
      case so::mark: r.mark = static_cast<u32>(value); break;
      case so::bsd_compat: break;
      default: return Errc::no_protocol_option;
    }
    return Ok();
  });
}

Result<i32> remembered(const net::Endpoint& e, i32 name) {
  const net::Remembered r = e.remembered().with([](net::Remembered& x) { return x; });
  switch (name) {
    case so::debug: return static_cast<i32>(r.debug);
    case so::reuse_address: return static_cast<i32>(r.reuse_address);
    case so::reuse_port: return static_cast<i32>(r.reuse_port);
    case so::dont_route: return static_cast<i32>(r.dont_route);
    case so::broadcast: return static_cast<i32>(r.broadcast);
    case so::keep_alive: return static_cast<i32>(r.keep_alive);
    case so::oob_inline: return static_cast<i32>(r.oob_inline);
    case so::no_check: return static_cast<i32>(r.no_check);
    case so::priority: return static_cast<i32>(r.priority);
    case so::timestamp: return static_cast<i32>(r.timestamp);
    case so::timestamp_ns: return static_cast<i32>(r.timestamp_ns);
    case so::mark: return static_cast<i32>(r.mark);
    case so::bsd_compat: return 0;
    default: return Errc::no_protocol_option;
  }
}

Result<i32> get_number(const net::Endpoint& e, i32 name) {
  switch (name) {
    case so::type: return static_cast<i32>(e.kind());
    case so::error: return abi::to_errno(e.take_error());
    case so::send_buffer: return static_cast<i32>(e.send_space.load());
    case so::receive_buffer: return static_cast<i32>(e.receive_space.load());
    case so::pass_credentials: return static_cast<i32>(e.pass_credentials.load());
    case so::receive_low: return static_cast<i32>(e.low_mark.load());
    case so::send_low: return 1;
    case so::accepts: return e.phase() == net::Phase::listening ? 1 : 0;
    case so::protocol: return 0;
    case so::domain: return 1;
    case so::peek_offset: return e.peek_offset.load();
    default: return remembered(e, name);
  }
}

}  // namespace

SysResult sys_setsockopt(Caller& c, Fd fd, i32 level, i32 name, UserBuffer value, i32 length) {
  if (length < 0) return Errc::invalid_argument;
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  const net::Endpoint& e = *s->endpoint();
  if (level != kSocketLevel) return Errc::not_supported;
  if (length < 4) return Errc::invalid_argument;
  const i32 v = TRY(user::read<i32>(c.address_space(), value.at));
  switch (name) {
    case so::type:
    case so::protocol:
    case so::domain:
    case so::error: return Errc::no_protocol_option;
    case so::send_buffer_force:
    case so::receive_buffer_force:
      if (!c.capable(Capability::net_admin)) return Errc::not_permitted;
      if (name == so::send_buffer_force) e.send_space.store(buffer_size(v < 0 ? 0 : v, kLeastSend, INT32_MAX / 2));
      else e.receive_space.store(buffer_size(v < 0 ? 0 : v, kLeastReceive, INT32_MAX / 2));
      break;
    case so::send_buffer:
      e.send_space.store(buffer_size(v, kLeastSend, kMostBuffer));
      e.writable.wake_all(poll::writable.bits);
      break;
    case so::receive_buffer: e.receive_space.store(buffer_size(v, kLeastReceive, kMostBuffer)); break;
    case so::peek_offset: e.peek_offset.store(v); break;
    case so::pass_credentials: e.pass_credentials.store(v != 0 ? 1 : 0); break;
    case so::receive_low: e.low_mark.store(v < 0 ? INT32_MAX : v != 0 ? static_cast<u32>(v) : 1); break;
    case so::receive_timeout:
    case so::receive_timeout_new: e.receive_timeout.store(TRY(read_timeout(c, value.at, length))); break;
    case so::send_timeout:
    case so::send_timeout_new: e.send_timeout.store(TRY(read_timeout(c, value.at, length))); break;
    case so::linger: {
      if (length < static_cast<i32>(sizeof(UserLinger))) return Errc::invalid_argument;
      const UserLinger l = TRY(user::read<UserLinger>(c.address_space(), value.at));
      e.remembered().with([&](net::Remembered& r) {
        r.linger_on = l.on != 0 ? 1 : 0;
        if (l.on != 0) r.linger = static_cast<u32>(l.seconds);
      });
      break;
    }
    default: TRY(set_remembered(e, c, name, v));
  }
  return 0;
}

SysResult sys_getsockopt(Caller& c, Fd fd, i32 level, i32 name, UserBuffer value, UserPtr<i32> length) {
  const Ref<net::SocketFile> s = TRY(socket_arg(c, fd));
  const net::Endpoint& e = *s->endpoint();
  if (level != kSocketLevel) return Errc::not_supported;
  const i32 given = TRY(user::read<i32>(c.address_space(), length.at));
  if (given < 0) return Errc::invalid_argument;
  usize room = static_cast<usize>(given);
  // As much of the value as there is room for, then how much that was.
  const auto answer = [&](std::span<const u8> bytes) -> SysResult {
    const usize n = bytes.size() < room ? bytes.size() : room;
    TRY(user::write_bytes(c.address_space(), value.at, bytes.first(n)));
    TRY(user::write(c.address_space(), length.at, static_cast<i32>(n)));
    return 0;
  };
  switch (name) {
    case so::peer_credentials: return answer(as_bytes(e.peer().id));
    case so::peer_groups: {
      const net::Peer p = e.peer();
      if (p.id == net::PeerId{}) return Errc::no_data;
      Vec<u32> ids{};
      if (p.groups)
        for (const Gid& g : (*p.groups)->ids()) ids.push_back(g.value);
      const usize whole = ids.size() * 4;
      if (room < whole) {
        TRY(user::write(c.address_space(), length.at, static_cast<i32>(whole)));
        return Errc::out_of_range;
      }
      for (usize i = 0; i < ids.size(); ++i) TRY(user::write(c.address_space(), VirtAddr(value.at.value + i * 4), ids[i]));
      TRY(user::write(c.address_space(), length.at, static_cast<i32>(whole)));
      return 0;
    }
    case so::receive_timeout:
    case so::receive_timeout_new: return answer(as_bytes(timeout_of(e.receive_timeout.load())));
    case so::send_timeout:
    case so::send_timeout_new: return answer(as_bytes(timeout_of(e.send_timeout.load())));
    case so::linger: {
      const net::Remembered r = e.remembered().with([](net::Remembered& x) { return x; });
      return answer(as_bytes(UserLinger{static_cast<i32>(r.linger_on), static_cast<i32>(r.linger)}));
    }
    case so::peer_name: {
      const Opt<Ref<net::UnixName>> peer = TRY(e.peer_name());
      String out{};
      out.append('\1');
      out.append('\0');
      if (peer) out.append((*peer)->bytes());
      if (out.view().size() < room) return Errc::invalid_argument;
      room = out.view().size() < room ? out.view().size() : room;
      return answer(bytes_of(out.view()));
    }
    default: {
      const i32 v = TRY(get_number(e, name));
      return answer(as_bytes(v));
    }
  }
}

}  // namespace svc::sys
