// SPDX-License-Identifier: MPL-2.0
// Socket addresses in and out. [unix(7)]
#include <services/syscall/sys_sockets.h>

namespace svc::sys {

Result<Ref<net::SocketFile>> socket_arg(Caller& c, Fd fd) {
  const Ref<fs::File> f = TRY(c.files()->get(fd));
  if (f->path_only()) return Errc::bad_descriptor;
  const Opt<Ref<net::SocketFile>> s = f.as<net::SocketFile>();
  if (!s) return Errc::not_socket;
  return *s;
}

Result<Address> read_address(Caller& c, VirtAddr at, i32 length) {
  if (length < 0 || static_cast<u32>(length) > kAddressMost) return Errc::invalid_argument;
  Address a{};
  a.length = static_cast<u32>(length);
  if (length == 0) return a;
  Array<u8, kAddressMost> raw{};
  TRY(user::read_bytes(c.address_space(), at, raw.items().first(a.length)));
  if (a.length >= 2) a.family = *from_bytes<u16>(raw.items());
  if (a.length > 2) a.bytes = String(text_of(raw.items().subspan(2, a.length - 2)));
  return a;
}

Result<Ref<net::UnixName>> name_of(const Address& a) {
  constexpr u32 kMost = 110;  // struct sockaddr_un
  if (a.length <= 2 || a.length > kMost || a.family != 1) return Errc::invalid_argument;
  const std::string_view all = a.bytes.view();
  if (all.front() == '\0') return make_ref<net::UnixName>(String(all));
  String s(all.substr(0, all.find('\0')));
  s.append('\0');
  return make_ref<net::UnixName>(std::move(s));
}

Status write_address(Caller& c, VirtAddr at, UserPtr<i32> length, const Opt<Ref<net::UnixName>>& name) {
  Array<u8, 128> raw{};
  raw[0] = 1;
  u32 n = 2;
  if (name)
    for (const u8 b : bytes_of((*name)->bytes())) raw[n++] = b;
  const i32 room = TRY(user::read<i32>(c.address_space(), length.at));
  const u32 part = room < 0 || static_cast<u32>(room) > n ? n : static_cast<u32>(room);
  if (room < 0) return Errc::invalid_argument;
  if (part != 0) TRY(user::write_bytes(c.address_space(), at, raw.items().first(part)));
  return user::write(c.address_space(), length.at, static_cast<i32>(n));
}

Status write_address_or_none(Caller& c, VirtAddr at, VirtAddr length, const Opt<Ref<net::UnixName>>& name) {
  if (name) return write_address(c, at, {length}, name);
  if (TRY(user::read<i32>(c.address_space(), length)) < 0) return Errc::invalid_argument;
  return user::write(c.address_space(), length, i32{0});
}

}  // namespace svc::sys
