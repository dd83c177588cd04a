// SPDX-License-Identifier: MPL-2.0
// System calls on names and attributes: stat, directories, links, permissions, times.
#pragma once
#include <services/syscall/sys_files.h>

namespace svc::sys {

struct UserStat { Array<u64, 18> w{}; };
static_assert(sizeof(UserStat) == 144);
struct UserStatx { Array<u64, 32> w{}; };
struct UserStatfs { Array<u64, 15> w{}; };
struct UserTimespec { i64 seconds = 0, nanos = 0; };
struct UserTimeval { i64 seconds = 0, micros = 0; };
struct UserUtimbuf { i64 atime = 0, mtime = 0; };

SysResult sys_stat(Caller& c, UserPath path, UserPtr<UserStat> out);
SysResult sys_lstat(Caller& c, UserPath path, UserPtr<UserStat> out);
SysResult sys_fstat(Caller& c, Fd fd, UserPtr<UserStat> out);
SysResult sys_newfstatat(Caller& c, DirFd dir, UserPath path, UserPtr<UserStat> out, u32 flags);
SysResult sys_statx(Caller& c, DirFd dir, UserPath path, u32 flags, u32 mask, UserPtr<UserStatx> out);
SysResult sys_statfs(Caller& c, UserPath path, UserPtr<UserStatfs> out);
SysResult sys_fstatfs(Caller& c, Fd fd, UserPtr<UserStatfs> out);
SysResult sys_access(Caller& c, UserPath path, u32 mode);
SysResult sys_faccessat(Caller& c, DirFd dir, UserPath path, u32 mode);
SysResult sys_faccessat2(Caller& c, DirFd dir, UserPath path, u32 mode, u32 flags);
SysResult sys_getdents64(Caller& c, Fd fd, UserBuffer to, u32 size);
SysResult sys_getcwd(Caller& c, UserBuffer to, u64 size);
SysResult sys_chdir(Caller& c, UserPath path);
SysResult sys_fchdir(Caller& c, Fd fd);
SysResult sys_chroot(Caller& c, UserPath path);
SysResult sys_mkdir(Caller& c, UserPath path, ModeBits mode);
SysResult sys_mkdirat(Caller& c, DirFd dir, UserPath path, ModeBits mode);
SysResult sys_mknod(Caller& c, UserPath path, ModeBits mode, u32 device);
SysResult sys_mknodat(Caller& c, DirFd dir, UserPath path, ModeBits mode, u32 device);
SysResult sys_rmdir(Caller& c, UserPath path);
SysResult sys_unlink(Caller& c, UserPath path);
SysResult sys_unlinkat(Caller& c, DirFd dir, UserPath path, u32 flags);
SysResult sys_link(Caller& c, UserPath from, UserPath to);
SysResult sys_linkat(Caller& c, DirFd from_dir, UserPath from, DirFd to_dir, UserPath to, u32 flags);
SysResult sys_symlink(Caller& c, UserPath target, UserPath path);
SysResult sys_symlinkat(Caller& c, UserPath target, DirFd dir, UserPath path);
SysResult sys_readlink(Caller& c, UserPath path, UserBuffer to, i32 size);
SysResult sys_readlinkat(Caller& c, DirFd dir, UserPath path, UserBuffer to, i32 size);
SysResult sys_rename(Caller& c, UserPath from, UserPath to);
SysResult sys_renameat(Caller& c, DirFd from_dir, UserPath from, DirFd to_dir, UserPath to);
SysResult sys_renameat2(Caller& c, DirFd from_dir, UserPath from, DirFd to_dir, UserPath to, u32 flags);
SysResult sys_chmod(Caller& c, UserPath path, ModeBits mode);
SysResult sys_fchmod(Caller& c, Fd fd, ModeBits mode);
SysResult sys_fchmodat(Caller& c, DirFd dir, UserPath path, ModeBits mode);
SysResult sys_fchmodat2(Caller& c, DirFd dir, UserPath path, ModeBits mode, u32 flags);
SysResult sys_chown(Caller& c, UserPath path, u32 uid, u32 gid);
SysResult sys_lchown(Caller& c, UserPath path, u32 uid, u32 gid);
SysResult sys_fchown(Caller& c, Fd fd, u32 uid, u32 gid);
SysResult sys_fchownat(Caller& c, DirFd dir, UserPath path, u32 uid, u32 gid, u32 flags);
SysResult sys_umask(Caller& c, ModeBits mask);
SysResult sys_utime(Caller& c, UserPath path, UserPtr<UserUtimbuf> times);
SysResult sys_utimes(Caller& c, UserPath path, UserPtr<UserTimeval> times);
SysResult sys_futimesat(Caller& c, DirFd dir, UserPath path, UserPtr<UserTimeval> times);
SysResult sys_utimensat(Caller& c, DirFd dir, UserPath path, UserPtr<UserTimespec> times, u32 flags);

inline constexpr Array k_dirs_calls{
    entry<sys_stat>(4, "stat", 4), entry<sys_lstat>(6, "lstat", 4), entry<sys_fstat>(5, "fstat", 2),
    entry<sys_newfstatat>(262, "newfstatat", 4), entry<sys_statx>(332, "statx", 4), entry<sys_statfs>(137, "statfs", 4),
    entry<sys_fstatfs>(138, "fstatfs", 2), entry<sys_access>(21, "access", 4), entry<sys_faccessat>(269, "faccessat", 4),
    entry<sys_faccessat2>(439, "faccessat2", 4), entry<sys_getdents64>(217, "getdents64", 16), entry<sys_getcwd>(79, "getcwd", 4),
    entry<sys_chdir>(80, "chdir", 4), entry<sys_fchdir>(81, "fchdir", 2), entry<sys_chroot>(161, "chroot", 4),
    entry<sys_mkdir>(83, "mkdir", 8), entry<sys_mkdirat>(258, "mkdirat", 8), entry<sys_mknod>(133, "mknod", 8),
    entry<sys_mknodat>(259, "mknodat", 8), entry<sys_rmdir>(84, "rmdir", 4), entry<sys_unlink>(87, "unlink", 4),
    entry<sys_unlinkat>(263, "unlinkat", 4), entry<sys_link>(86, "link", 8), entry<sys_linkat>(265, "linkat", 8),
    entry<sys_symlink>(88, "symlink", 8), entry<sys_symlinkat>(266, "symlinkat", 8), entry<sys_readlink>(89, "readlink", 4),
    entry<sys_readlinkat>(267, "readlinkat", 4), entry<sys_rename>(82, "rename", 8), entry<sys_renameat>(264, "renameat", 8),
    entry<sys_renameat2>(316, "renameat2", 8), entry<sys_chmod>(90, "chmod", 4),
    entry<sys_fchmod>(91, "fchmod", 2), entry<sys_fchmodat>(268, "fchmodat", 4), entry<sys_fchmodat2>(452, "fchmodat2", 4),
    entry<sys_chown>(92, "chown", 4), entry<sys_lchown>(94, "lchown", 4), entry<sys_fchown>(93, "fchown", 2),
    entry<sys_fchownat>(260, "fchownat", 4), entry<sys_umask>(95, "umask", 0).never_fails("other bits than permissions are dropped"),
    entry<sys_utime>(132, "utime", 4), entry<sys_utimes>(235, "utimes", 4), entry<sys_futimesat>(261, "futimesat", 4),
    entry<sys_utimensat>(280, "utimensat", 4),
};

}  // namespace svc::sys
