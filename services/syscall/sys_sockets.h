// SPDX-License-Identifier: MPL-2.0
// System calls on sockets.
#pragma once
#include <services/net/socket_file.h>
#include <services/syscall/entry.h>
#include <services/syscall/sys_files.h>

namespace svc::sys {

struct UserMessage { u64 name = 0; u32 name_length = 0, pad = 0; u64 pieces = 0, count = 0, control = 0, control_length = 0; u32 flags = 0, pad2 = 0; };
struct UserMultiMessage { UserMessage message{}; u32 length = 0, pad = 0; };
struct UserSocketPair { i32 first = 0, second = 0; };
struct UserTime { i64 seconds = 0, nanos = 0; };

SysResult sys_socket(Caller& c, i32 family, u32 type, i32 protocol);
SysResult sys_socketpair(Caller& c, i32 family, u32 type, i32 protocol, UserPtr<UserSocketPair> out);
SysResult sys_bind(Caller& c, Fd fd, UserBuffer address, i32 length);
SysResult sys_listen(Caller& c, Fd fd, i32 backlog);
SysResult sys_accept(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length);
SysResult sys_accept4(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length, u32 flags);
SysResult sys_connect(Caller& c, Fd fd, UserBuffer address, i32 length);
SysResult sys_getsockname(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length);
SysResult sys_getpeername(Caller& c, Fd fd, UserBuffer address, UserPtr<i32> length);
SysResult sys_shutdown(Caller& c, Fd fd, i32 how);
SysResult sys_setsockopt(Caller& c, Fd fd, i32 level, i32 name, UserBuffer value, i32 length);
SysResult sys_getsockopt(Caller& c, Fd fd, i32 level, i32 name, UserBuffer value, UserPtr<i32> length);
SysResult sys_sendto(Caller& c, Fd fd, UserBuffer from, u64 count, u32 flags, UserBuffer address, i32 length);
SysResult sys_recvfrom(Caller& c, Fd fd, UserBuffer to, u64 count, u32 flags, UserBuffer address, UserPtr<i32> length);
SysResult sys_sendmsg(Caller& c, Fd fd, UserPtr<UserMessage> message, u32 flags);
SysResult sys_recvmsg(Caller& c, Fd fd, UserPtr<UserMessage> message, u32 flags);
SysResult sys_sendmmsg(Caller& c, Fd fd, UserPtr<UserMultiMessage> messages, u32 count, u32 flags);
SysResult sys_recvmmsg(Caller& c, Fd fd, UserPtr<UserMultiMessage> messages, u32 count, u32 flags, UserPtr<UserTime> timeout);

inline constexpr Array k_sockets_calls{
    entry<sys_socket>(41, "socket", 8, State::partial, "only AF_UNIX; others: EAFNOSUPPORT"),
    entry<sys_socketpair>(53, "socketpair", 12, State::partial, "only AF_UNIX; others: EAFNOSUPPORT"),
    entry<sys_bind>(49, "bind", 12),
    entry<sys_listen>(50, "listen", 2),
    entry<sys_accept>(43, "accept", 10).waiting(),
    entry<sys_accept4>(288, "accept4", 10).waiting(),
    entry<sys_connect>(42, "connect", 10).waiting(),
    entry<sys_getsockname>(51, "getsockname", 2),
    entry<sys_getpeername>(52, "getpeername", 2),
    entry<sys_shutdown>(48, "shutdown", 2),
    entry<sys_setsockopt>(54, "setsockopt", 4, State::partial, "SO_PASSSEC, SO_PASSPIDFD, filters, and what concerns network devices: ENOPROTOOPT"),
    entry<sys_getsockopt>(55, "getsockopt", 4, State::partial, "SO_PEERSEC, SO_PEERPIDFD, filters, and what concerns network devices: ENOPROTOOPT"),
    entry<sys_sendto>(44, "sendto", 8, State::partial, "MSG_OOB: EOPNOTSUPP").waiting(),
    entry<sys_recvfrom>(45, "recvfrom", 4, State::partial, "MSG_OOB: EOPNOTSUPP").waiting(),
    entry<sys_sendmsg>(46, "sendmsg", 12, State::partial, "MSG_OOB: EOPNOTSUPP").waiting(),
    entry<sys_recvmsg>(47, "recvmsg", 12, State::partial, "MSG_OOB: EOPNOTSUPP").waiting(),
    entry<sys_sendmmsg>(307, "sendmmsg", 12, State::partial, "MSG_OOB: EOPNOTSUPP").waiting(),
    entry<sys_recvmmsg>(299, "recvmmsg", 12, State::partial, "MSG_OOB: EOPNOTSUPP").waiting(),
};

// Shared by the files of this family (socket_args.cpp). Errors: bad_descriptor, not_socket.
Result<Ref<net::SocketFile>> socket_arg(Caller& c, Fd fd);
// An address from user memory; family 0 for none. name: nothing for an address of no length behind its family.
struct Address {
  u32 length = 0;
  u16 family = 0;
  String bytes{};  // behind the family, as long as it was given
};
inline constexpr u32 kAddressMost = 128;  // struct sockaddr_storage
// Errors: invalid_argument, fault.
Result<Address> read_address(Caller& c, VirtAddr at, i32 length);
// As unix_validate_addr: a family and at least one byte, and as a name of the file system with its NUL. Errors: invalid_argument.
Result<Ref<net::UnixName>> name_of(const Address& a);
// An address for the program: its real length goes to *length, and as much of it as was asked for to `at`.
Status write_address(Caller& c, VirtAddr at, UserPtr<i32> length, const Opt<Ref<net::UnixName>>& name);
// known: false writes a length of 0 (a datagram of nobody).
Status write_address_or_none(Caller& c, VirtAddr at, VirtAddr length, const Opt<Ref<net::UnixName>>& name);

}  // namespace svc::sys
