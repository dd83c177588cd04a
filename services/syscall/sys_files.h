// SPDX-License-Identifier: MPL-2.0
// System calls on open files: read, write, seek, open, close, ioctl.
#pragma once
#include <services/syscall/entry.h>

namespace svc::sys {

struct OpenFlagNames {
  static std::span<const FlagName> names();
  static constexpr StaticStr zero() { return "O_RDONLY"; }
};
using OpenFlags = Flags<OpenFlagNames>;
struct UserIovec { u64 base = 0, length = 0; };
struct ModeBits { u32 bits = 0; };
template <> struct ArgTraits<ModeBits> { static ModeBits decode(u64 r) { return {static_cast<u32>(r)}; } static constexpr ArgKind kind = ArgKind::octal; };

SysResult sys_read(Caller& c, Fd fd, UserBuffer to, u64 count);
SysResult sys_write(Caller& c, Fd fd, UserBuffer from, u64 count);
SysResult sys_pread64(Caller& c, Fd fd, UserBuffer to, u64 count, i64 offset);
SysResult sys_pwrite64(Caller& c, Fd fd, UserBuffer from, u64 count, i64 offset);
SysResult sys_readv(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count);
SysResult sys_writev(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count);
SysResult sys_preadv(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset);
SysResult sys_pwritev(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset);
SysResult sys_lseek(Caller& c, Fd fd, i64 offset, u32 whence);
SysResult sys_open(Caller& c, UserPath path, OpenFlags flags, ModeBits mode);
SysResult sys_openat(Caller& c, DirFd dir, UserPath path, OpenFlags flags, ModeBits mode);
SysResult sys_creat(Caller& c, UserPath path, ModeBits mode);
SysResult sys_close(Caller& c, Fd fd);
SysResult sys_close_range(Caller& c, u32 first, u32 last, u32 flags);
SysResult sys_truncate(Caller& c, UserPath path, i64 size);
SysResult sys_ftruncate(Caller& c, Fd fd, i64 size);
SysResult sys_fallocate(Caller& c, Fd fd, u32 mode, i64 offset, i64 length);
SysResult sys_fsync(Caller& c, Fd fd);
SysResult sys_fdatasync(Caller& c, Fd fd);
SysResult sys_sync(Caller& c);
SysResult sys_fadvise64(Caller& c, Fd fd, i64 offset, i64 length, u32 advice);
SysResult sys_ioctl(Caller& c, Fd fd, u32 command, VirtAddr argument);
SysResult sys_preadv2(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset, u64 offset_high, u32 flags);
SysResult sys_pwritev2(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset, u64 offset_high, u32 flags);
SysResult sys_sendfile(Caller& c, Fd out, Fd in, UserPtr<i64> offset, u64 count);
SysResult sys_copy_file_range(Caller& c, Fd in, UserPtr<i64> in_offset, Fd out, UserPtr<i64> out_offset, u64 count, u32 flags);
SysResult sys_splice(Caller& c, Fd in, UserPtr<i64> in_offset, Fd out, UserPtr<i64> out_offset, u64 count, u32 flags);
SysResult sys_tee(Caller& c, Fd in, Fd out, u64 count, u32 flags);

inline constexpr Array k_files_calls{
    entry<sys_read>(0, "read", 4).waiting(),
    entry<sys_write>(1, "write", 4).waiting(),
    entry<sys_pread64>(17, "pread64", 4),
    entry<sys_pwrite64>(18, "pwrite64", 4),
    entry<sys_readv>(19, "readv", 4).waiting(),
    entry<sys_writev>(20, "writev", 4).waiting(),
    entry<sys_preadv>(295, "preadv", 4),
    entry<sys_pwritev>(296, "pwritev", 4),
    entry<sys_preadv2>(327, "preadv2", 4).waiting(),
    entry<sys_pwritev2>(328, "pwritev2", 4).waiting(),
    entry<sys_lseek>(8, "lseek", 0),
    entry<sys_open>(2, "open", 8, State::partial, "O_ASYNC and leases have no effect").waiting(),
    entry<sys_openat>(257, "openat", 8, State::partial, "O_ASYNC and leases have no effect").waiting(),
    entry<sys_creat>(85, "creat", 8).waiting(),
    entry<sys_close>(3, "close", 0),
    entry<sys_close_range>(436, "close_range", 4),
    entry<sys_truncate>(76, "truncate", 4),
    entry<sys_ftruncate>(77, "ftruncate", 4),
    entry<sys_fallocate>(285, "fallocate", 4),
    entry<sys_fsync>(74, "fsync", 0),
    entry<sys_fdatasync>(75, "fdatasync", 0),
    entry<sys_sync>(162, "sync", 0).never_fails("it says nothing of what could not be written"),
    entry<sys_fadvise64>(221, "fadvise64", 0),
    entry<sys_ioctl>(16, "ioctl", 4).waiting(),
    entry<sys_sendfile>(40, "sendfile", 6).waiting(),
    entry<sys_copy_file_range>(326, "copy_file_range", 6),
    entry<sys_splice>(275, "splice", 6).waiting(),
    entry<sys_tee>(276, "tee", 6).waiting(),
};

// An iovec array, checked as Linux does: at most 1024 pieces, no negative length, the sum cut at MAX_RW_COUNT.
Result<Vec<IoSlice>> read_iovec(Caller& c, UserPtr<UserIovec> vec, u64 count);

}  // namespace svc::sys
