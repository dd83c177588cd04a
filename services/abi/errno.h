// SPDX-License-Identifier: MPL-2.0
// The one place where error codes of the core become errno numbers [errno(3)].
#pragma once
#include <base/array.h>
#include <base/result.h>
#include <base/static_str.h>
#include <services/base/ids.h>

namespace svc::abi {

struct ErrnoEntry {
  Errc code = Errc::ok;
  i32 number = 0;
  StaticStr name = "";
};

// In the order of Errc, so that the code is the index. The restart codes have Linux's internal numbers.
inline constexpr Array<ErrnoEntry, 85> kErrno{{
    {Errc::ok, 0, "0"},
    {Errc::not_permitted, 1, "EPERM"},
    {Errc::not_found, 2, "ENOENT"},
    {Errc::no_process, 3, "ESRCH"},
    {Errc::interrupted, 4, "EINTR"},
    {Errc::io, 5, "EIO"},
    {Errc::no_device_address, 6, "ENXIO"},
    {Errc::argument_list_too_long, 7, "E2BIG"},
    {Errc::not_executable, 8, "ENOEXEC"},
    {Errc::bad_descriptor, 9, "EBADF"},
    {Errc::no_child, 10, "ECHILD"},
    {Errc::again, 11, "EAGAIN"},
    {Errc::out_of_memory, 12, "ENOMEM"},
    {Errc::access_denied, 13, "EACCES"},
    {Errc::fault, 14, "EFAULT"},
    {Errc::block_device_required, 15, "ENOTBLK"},
    {Errc::busy, 16, "EBUSY"},
    {Errc::exists, 17, "EEXIST"},
    {Errc::cross_device, 18, "EXDEV"},
    {Errc::no_device, 19, "ENODEV"},
    {Errc::not_directory, 20, "ENOTDIR"},
    {Errc::is_directory, 21, "EISDIR"},
    {Errc::invalid_argument, 22, "EINVAL"},
    {Errc::file_table_overflow, 23, "ENFILE"},
    {Errc::too_many_files, 24, "EMFILE"},
    {Errc::not_a_terminal, 25, "ENOTTY"},
    {Errc::text_busy, 26, "ETXTBSY"},
    {Errc::file_too_large, 27, "EFBIG"},
    {Errc::no_space, 28, "ENOSPC"},
    {Errc::illegal_seek, 29, "ESPIPE"},
    {Errc::read_only, 30, "EROFS"},
    {Errc::too_many_links, 31, "EMLINK"},
    {Errc::broken_pipe, 32, "EPIPE"},
    {Errc::domain, 33, "EDOM"},
    {Errc::out_of_range, 34, "ERANGE"},
    {Errc::deadlock, 35, "EDEADLK"},
    {Errc::name_too_long, 36, "ENAMETOOLONG"},
    {Errc::no_locks, 37, "ENOLCK"},
    {Errc::no_syscall, 38, "ENOSYS"},
    {Errc::not_empty, 39, "ENOTEMPTY"},
    {Errc::symlink_loop, 40, "ELOOP"},
    {Errc::no_message, 42, "ENOMSG"},
    {Errc::identifier_removed, 43, "EIDRM"},
    {Errc::no_data, 61, "ENODATA"},
    {Errc::timer_expired, 62, "ETIME"},
    {Errc::not_stream, 60, "ENOSTR"},
    {Errc::no_package, 65, "ENOPKG"},
    {Errc::no_link, 67, "ENOLINK"},
    {Errc::protocol_error, 71, "EPROTO"},
    {Errc::bad_message, 74, "EBADMSG"},
    {Errc::overflow, 75, "EOVERFLOW"},
    {Errc::illegal_sequence, 84, "EILSEQ"},
    {Errc::users, 87, "EUSERS"},
    {Errc::not_socket, 88, "ENOTSOCK"},
    {Errc::destination_required, 89, "EDESTADDRREQ"},
    {Errc::message_too_long, 90, "EMSGSIZE"},
    {Errc::wrong_protocol_type, 91, "EPROTOTYPE"},
    {Errc::no_protocol_option, 92, "ENOPROTOOPT"},
    {Errc::protocol_not_supported, 93, "EPROTONOSUPPORT"},
    {Errc::socket_type_not_supported, 94, "ESOCKTNOSUPPORT"},
    {Errc::not_supported, 95, "EOPNOTSUPP"},
    {Errc::family_not_supported, 97, "EAFNOSUPPORT"},
    {Errc::address_in_use, 98, "EADDRINUSE"},
    {Errc::address_not_available, 99, "EADDRNOTAVAIL"},
    {Errc::network_down, 100, "ENETDOWN"},
    {Errc::network_unreachable, 101, "ENETUNREACH"},
    {Errc::connection_aborted, 103, "ECONNABORTED"},
    {Errc::connection_reset, 104, "ECONNRESET"},
    {Errc::no_buffers, 105, "ENOBUFS"},
    {Errc::already_connected, 106, "EISCONN"},
    {Errc::not_connected, 107, "ENOTCONN"},
    {Errc::too_many_references, 109, "ETOOMANYREFS"},
    {Errc::timed_out, 110, "ETIMEDOUT"},
    {Errc::connection_refused, 111, "ECONNREFUSED"},
    {Errc::already, 114, "EALREADY"},
    {Errc::in_progress, 115, "EINPROGRESS"},
    {Errc::stale, 116, "ESTALE"},
    {Errc::quota, 122, "EDQUOT"},
    {Errc::canceled, 125, "ECANCELED"},
    {Errc::owner_dead, 130, "EOWNERDEAD"},
    {Errc::not_recoverable, 131, "ENOTRECOVERABLE"},
    {Errc::restart_syscall, 512, "ERESTARTSYS"},
    {Errc::restart_no_hand, 514, "ERESTARTNOHAND"},
    {Errc::restart_block, 516, "ERESTART_RESTARTBLOCK"},
    {Errc::unsupported, 95, "EOPNOTSUPP"},
}};

constexpr bool errno_table_in_order() {
  for (usize i = 0; i < kErrno.size(); ++i)
    if (static_cast<usize>(kErrno[i].code) != i) return false;
  return true;
}
static_assert(errno_table_in_order() && kErrno.size() == static_cast<usize>(Errc::count_));

constexpr i32 to_errno(Errc e) { return kErrno[static_cast<usize>(e)].number; }
constexpr StaticStr errno_name(Errc e) { return kErrno[static_cast<usize>(e)].name; }

}  // namespace svc::abi
