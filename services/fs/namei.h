// SPDX-License-Identifier: MPL-2.0
// Path walking [path_resolution(7)] and the operations on names: each checks permissions as Linux does, then asks the inode.
#pragma once
#include <services/fs/fs_context.h>

namespace svc::fs {

namespace walk {
inline constexpr u32 follow = 1;          // follow a symbolic link in the last component
inline constexpr u32 directory = 2;       // the result must be a directory
inline constexpr u32 empty_path = 4;      // AT_EMPTY_PATH: "" means the start itself
inline constexpr u32 no_mount_cross = 8;  // the last component is not replaced by what is mounted on it
}
// `start`: where a relative path begins (working directory or a descriptor's). Errors: not_found, not_directory, access_denied,
// symlink_loop, name_too_long.
Result<Path> resolve(const Context& who, const FsContext& fs, const Path& start, std::string_view path, u32 flags);
// All but the last component: the parent directory and the last name. trailing_slash: the path ended in '/'.
struct ParentOf { Path dir; String name; bool trailing_slash = false; bool special = false; /* ".", "..", "/" */ };
Result<ParentOf> resolve_parent(const Context& who, const FsContext& fs, const Path& start, std::string_view path);

// Errors: invalid_argument (combinations that Linux refuses before it looks at the path).
Status check_open_flags(u32 flags);
struct OpenHow { u32 flags = 0; u32 mode = 0; };
Result<Ref<File>> open(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const OpenHow& how);
// Opens an inode at a known place (exec, /proc/PID/fd links).
Result<Ref<File>> open_path(const Context& who, const FsContext& fs, const Path& at, u32 flags);

// What a new name in `dir` starts with: owner, group, mode and access control lists as Linux gives them. The directory's default list,
// if it has one, takes the place of the umask.
Inode::NewInode new_inode(const Context& who, const Inode& dir, FileType type, u32 mode, u32 umask);

enum class May : u8 { exec = 1, write = 2, read = 4 };
Status check_access(const Context& who, const Inode& inode, u32 may_mask);  // access_denied; fsuid/fsgid and capabilities

Status make_node(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const Inode::NewInode& what);  // mknod, mkdir, symlink
Result<Path> make_node_at(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const Inode::NewInode& what);  // the same; where it is
Status unlink(const Context& who, const FsContext& fs, const Path& start, std::string_view path);
Status rmdir(const Context& who, const FsContext& fs, const Path& start, std::string_view path);
Status hard_link(const Context& who, const FsContext& fs, const Path& old_start, std::string_view old_path, const Path& new_start, std::string_view new_path, u32 at_flags);
Status rename(const Context& who, const FsContext& fs, const Path& old_start, std::string_view old_path, const Path& new_start, std::string_view new_path, u32 flags);
Status change_mode(const Context& who, const FsContext& fs, const Path& at, u32 mode);
Status change_owner(const Context& who, const FsContext& fs, const Path& at, Opt<Uid> uid, Opt<Gid> gid);
// The same of an inode that is at no place.
Status change_mode(const Context& who, const Inode& inode, u32 mode);
Status change_owner(const Context& who, const Inode& inode, Opt<Uid> uid, Opt<Gid> gid);
struct TimeChange { enum class Kind : u8 { omit, now, set } kind = Kind::omit; FileTime value{}; };
Status change_times(const Context& who, const FsContext& fs, const Path& at, TimeChange atime, TimeChange mtime);

}  // namespace svc::fs
