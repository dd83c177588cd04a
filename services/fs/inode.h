// SPDX-License-Identifier: MPL-2.0
// Inode: one object of a file system. FileSystem: one instance of it. Both are what file systems implement; the VFS above
// (namei.h, mount.h, file.h) checks permissions, keeps dentries and does everything that is the same for all.
#pragma once
#include <base/own.h>
#include <base/result.h>
#include <base/string.h>
#include <ostd/sync.h>
#include <ostd/user_io.h>
#include <services/base/credentials.h>
#include <services/base/ids.h>
#include <services/base/job_control.h>
#include <services/base/poll.h>
#include <services/fs/file_locks.h>
#include <services/fs/notify.h>
#include <services/fs/path.h>
#include <services/fs/xattr_value.h>
#include <services/vm/memory_object.h>

namespace svc::fs {

enum class FileType : u8 { fifo = 1, character = 2, directory = 4, block = 6, regular = 8, symlink = 10, socket = 12, anonymous = 0 };  // DT_* numbers

// Permission bits with setuid, setgid and sticky: 07777.
struct Mode {
  u16 bits = 0;
  constexpr bool operator==(const Mode&) const = default;
};

struct Attr {
  u64 ino = 0;
  FileType type = FileType::regular;
  Mode mode{};
  u64 nlink = 1;
  Uid uid{};
  Gid gid{};
  DevId rdev{};
  u64 size = 0;
  u64 blocks = 0;  // of 512 bytes
  u32 block_size = 4096;
  FileTime atime{}, mtime{}, ctime{}, btime{};
};

// What setattr changes; unset fields stay. The VFS has checked the right to do it.
struct AttrChange {
  Opt<Mode> mode{};
  Opt<Uid> uid{};
  Opt<Gid> gid{};
  Opt<FileTime> atime{}, mtime{}, ctime{};
};

struct StatFs {
  u64 type_magic = 0, block_size = 4096, blocks = 0, blocks_free = 0, files = 0, files_free = 0, name_max = 255, fsid = 0;
};

class Inode;
class File;
class MountNamespace;
class PlaceHolder;
struct OpenArgs {
  u32 flags = 0;  // O_* as in open(2); access mode in the low bits
};

// One entry of a directory listing. cookie: position after it.
class DirSink {
 public:
  virtual ~DirSink() = default;
  // False: full, stop before this entry.
  virtual bool entry(std::string_view name, u64 ino, FileType type, u64 next_cookie) = 0;
};

class FileSystem : public RefCounted {
 public:
  virtual std::string_view type_name() const [[clang::lifetimebound]] = 0;  // "tmpfs"
  virtual Ref<Inode> root() const = 0;
  // Mounts tell that they begin and end.
  void mounted() const { mounts_.fetch_add(1); }
  void unmounted() const {
    if (mounts_.fetch_sub(1) != 1) return;
    watches.unmounted();
    last_unmounted();
  }
  bool in_use() const { return mounts_.load() != 0; }
  // What name_to_handle_at(2) gives of an inode, and the inode of it. Nothing: this kind of file system has none; there is no such one.
  struct Handle { u32 generation = 0; u64 ino = 0; };
  virtual Opt<Handle> handle_of(const Inode& inode) const { return none; }
  virtual Opt<Ref<Inode>> by_handle(const Handle& h) const { return none; }
  FileSystemWatches watches{};
  virtual StatFs statfs() const = 0;
  virtual DevId device() const = 0;
  // In all its mounts.
  bool read_only() const { return read_only_.load() != 0; }
  // Of the two events of a rename; no other for some time.
  u32 next_cookie() const { return static_cast<u32>(device().value << 20 & 0xfff0'0000) | (cookie_.fetch_add(1) + 1 & 0xf'ffff); }
  // Options as /proc/mounts prints them after rw/ro, e.g. ",size=64k"; empty if none.
  virtual String options() const { return String(); }
  // Names come and go by themselves (procfs): a dentry holds as long as Inode::current() says so.
  virtual bool volatile_names() const { return false; }

 private:
  friend class MountNamespace;
  friend class PlaceHolder;
  // New options for the mounted instance (MS_REMOUNT). Errors: invalid_argument.
  virtual Status reconfigure(std::string_view options) const { return Ok(); }
  // Nobody can come to it through a mount any more.
  virtual void last_unmounted() const {}
  Atomic<u32> read_only_{0}, writers_{0}, cookie_{0};          // writers: files open for writing in its mounts
  Atomic<u32> mounts_{0};
};

// Seals of a file [fcntl(2)].
namespace seal {
inline constexpr u32 seal = 1, shrink = 2, grow = 4, write = 8, future_write = 16, all = 63;  // 32: execute, set at creation
}

// All members are safe to call concurrently. Names are single components, checked by the VFS (not empty, no '/', <= 255).
// Errors of what a type cannot do: not_directory for directory operations on others, invalid_argument for readlink, etc.
class Inode : public RefCounted {
 public:
  virtual Ref<FileSystem> file_system() const = 0;
  virtual Attr attr() const = 0;
  virtual FileType type() const = 0;
  virtual u64 ino() const = 0;
  // Where it is, on file systems with handles: the newest of its names. Nothing: it has none.
  struct Name;
  virtual Opt<Name> newest_name() const;
  // Whether it may be used as the mode, owner and the caller's ids say by_mode; file systems with rules of their own overrule it.
  virtual Status permission(const Context& who, Status by_mode) const { return by_mode; }
  virtual Status set_attr(const AttrChange& change) const = 0;

  // On a file system with volatile_names(): whether the name that led here still does.
  virtual bool current() const { return true; }

  // Directories.
  virtual Result<Ref<Inode>> lookup(std::string_view name) const { return Errc::not_directory; }
  struct NewInode {
    FileType type = FileType::regular;
    Mode mode{};
    Uid uid{};
    Gid gid{};
    DevId rdev{};
    String target{};  // of a symbolic link
    Opt<Ref<Acl>> acl{}, standard_acl{};
  };
  virtual Result<Ref<Inode>> create(std::string_view name, const NewInode& what) const { return Errc::not_permitted; }
  // A regular file without a name (O_TMPFILE). linkable: link may give it one later.
  enum class Nameless : u8 { linkable, forever };
  virtual Result<Ref<Inode>> create_nameless(const NewInode& what, Nameless kind) const { return Errc::not_supported; }
  // Has no name, but may get one.
  virtual bool linkable() const { return false; }
  virtual Status link(std::string_view name, const Ref<Inode>& target) const { return Errc::not_permitted; }
  virtual Status unlink(std::string_view name) const { return Errc::not_permitted; }
  virtual Status rmdir(std::string_view name) const { return Errc::not_permitted; }
  enum class RenameMode : u8 { replace, no_replace, exchange };
  virtual Status rename(std::string_view name, const Ref<Inode>& to_dir, std::string_view to_name, RenameMode mode) const { return Errc::not_permitted; }
  // Lists from cookie on (0: start, "." and ".." are made by the VFS with cookies 1 and 2; the inode's own start at 2).
  // after: the position behind the last entry the sink took.
  virtual Status read_dir(u64 cookie, DirSink& sink, u64& after) const { return Errc::not_directory; }

  // Symbolic links.
  virtual Result<String> read_link(const Context& who) const { return Errc::invalid_argument; }
  // Links of procfs that lead to a place without a name walk (/proc/PID/fd/N, exe, cwd, root).
  virtual Result<Opt<Path>> follow_magic(const Context& who) const;

  // Regular files: data by position. The VFS holds no lock of its own.
  virtual Result<usize> read_at(u64 offset, Writer& to) const { return Errc::invalid_argument; }
  enum class AppendMode : u8 { at_offset, at_end };
  // Grows the file. at_end: writes at the end, atomically; the offset written to comes back.
  struct Written { usize count = 0; u64 offset = 0; };
  virtual Result<Written> write_at(u64 offset, Reader& from, AppendMode mode) const { return Errc::invalid_argument; }
  virtual Status truncate(u64 size) const { return Errc::invalid_argument; }
  virtual Status fallocate(u32 mode, u64 offset, u64 length) const { return Errc::not_supported; }
  virtual Result<u64> seek_data_hole(u64 offset, bool hole) const { return Errc::invalid_argument; }
  virtual Opt<Ref<MemoryObject>> memory() const { return none; }
  // How many of the pages [first, end) are in memory.
  virtual u64 pages_present(u64 first, u64 end) const { return 0; }
  // What nobody may do with it any more [fcntl(2): F_ADD_SEALS]. Errors: invalid_argument (it has no seals); not_permitted, busy.
  virtual Status add_seals(u32 seals) const { return Errc::invalid_argument; }
  virtual Result<u32> seals() const { return Errc::invalid_argument; }

  // Extended attributes; the rules of the kinds of names are checked above (xattr.h). No value: removed.
  // Errors: no_data, exists (how), no_space, out_of_memory.
  virtual bool has_xattrs() const { return false; }
  virtual Result<Ref<XattrValue>> xattr(std::string_view name) const { return Errc::not_supported; }
  virtual Status set_xattr(std::string_view name, Opt<Ref<XattrValue>> value, XattrSet how) const { return Errc::not_supported; }
  virtual Vec<String> xattr_names() const { return {}; }  // the last one of the alphabet first
  virtual bool has_capabilities() const { return false; }
  // Access control lists. has_acl: whether acl(access) gives one, without a lock.
  virtual bool has_acls() const { return false; }
  virtual bool has_acl() const { return false; }
  virtual Opt<Ref<Acl>> acl(AclKind kind) const { return none; }
  virtual Status set_acl(AclKind kind, Opt<Ref<Acl>> acl) const { return Errc::not_supported; }

  // Special files make their own File (devices, fifos, procfs entries); nothing: the VFS makes a plain one.
  virtual Result<Opt<Ref<File>>> open(const OpenArgs& args, const Context& who) const;

  // How many have it open for writing, or (negative) run it: the two exclude each other (ETXTBSY).
  Atomic<i32> writers{0};
  FileLockPlace locks{};
  InodeWatches watches{};
  // What a fifo's or bound socket's users share; made by the first of them.
  Once<Ref<RefCounted>> attachment{};
};

struct Inode::Name {
  Ref<Inode> dir;
  String name{};
};

}  // namespace svc::fs
