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
// Of openat2(2). beneath: not above the start; in_root: the start is the root. scope(): RESOLVE_* as these.
inline constexpr u32 no_xdev = 0x100, no_magic_links = 0x200, no_links = 0x400, beneath = 0x800, in_root = 0x1000, cached = 0x2000;
inline constexpr u32 scope(u32 resolve_flags) { return resolve_flags << 8; }
}
// `start`: where a relative path begins (working directory or a descriptor's). Errors: not_found, not_directory, access_denied,
// symlink_loop, name_too_long.
Result<Path> resolve(const Context& who, const FsContext& fs, const Path& start, std::string_view path, u32 flags);
// All but the last component: the parent directory and the last name. trailing_slash: the path ended in '/'.
// Where a walk may go: the flags of openat2(2), and what is its root.
struct Scope {
  u32 flags = 0;
  Path root;
};
struct ParentOf { Path dir; String name; bool trailing_slash = false; bool special = false; /* ".", "..", "/" */ };
Result<ParentOf> resolve_parent(const Context& who, const FsContext& fs, const Path& start, std::string_view path);
// The same for parts of one walk. Errors also: cross_device (out of the scope), symlink_loop (links that it does not follow).
Result<Path> resolve_in(const Context& who, const FsContext& fs, const Scope& scope, const Path& start, std::string_view path, u32 flags);
Result<ParentOf> resolve_parent_in(const Context& who, const FsContext& fs, const Scope& scope, const Path& start, std::string_view path);

// Errors: invalid_argument (combinations that Linux refuses before it looks at the path).
Status check_open_flags(u32 flags);
struct OpenHow { u32 flags = 0; u32 mode = 0; u32 walk = 0; /* of a Scope */ };
Result<Ref<File>> open(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const OpenHow& how);
// Opens an inode at a known place (exec, /proc/PID/fd links).
Result<Ref<File>> open_path(const Context& who, const FsContext& fs, const Path& at, u32 flags);

// What open(2) does at a place that is known, not created: every check but those of a walk.
Result<Ref<File>> open_found(const Context& who, const FsContext& fs, const Path& at, u32 flags);
// Where the inode is below the root of the mount's file system, or a place without a name. Errors: stale, out_of_memory.
Result<Path> place_of(const Ref<Mount>& mount, const Ref<Inode>& inode);

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
