// SPDX-License-Identifier: MPL-2.0
// Mounts and dentries: the tree of names that processes see.
// Dentry: a name in a directory, cached; knows its parent and its inode. Its children are in one map per directory (kDentry).
// Mount: an instance of a file system in a MountNamespace, attached on a dentry of its parent mount.
#pragma once
#include <base/hash_map.h>
#include <base/map.h>
#include <services/fs/device.h>
#include <services/fs/file.h>

namespace svc::fs {

class Dentry final : public RefCounted {
 public:
  Dentry(String name, Opt<Ref<Dentry>> parent, Ref<Inode> inode);
  const Ref<Inode>& inode() const [[clang::lifetimebound]] { return inode_; }
  String name() const;
  Opt<Ref<Dentry>> parent() const;                 // nothing: root of its file system
  ~Dentry() override;
  // For a file that has no name in dir (O_TMPFILE): "#12 (deleted)".
  static Ref<Dentry> nameless(const Ref<Dentry>& dir, const Ref<Inode>& inode);
  bool unlinked() const { return unlinked_.load() != 0; }
  // Cached child, or looked up through the inode and cached. Errors: not_found and the inode's.
  Result<Ref<Dentry>> child(std::string_view name) const;
  // The same while the caller holds dir_lock.
  Result<Ref<Dentry>> child_locked(std::string_view name) const;
  // After the inode operation succeeded, with dir_lock held: a fresh name comes, one goes, one moves (replacing what was there).
  Ref<Dentry> attach(std::string_view name, const Ref<Inode>& inode) const;
  void detach(std::string_view name) const;
  void moved(std::string_view from, const Dentry& to_dir, std::string_view to) const;
  void exchanged(std::string_view a, const Dentry& other_dir, std::string_view b) const;
  Atomic<u32> mounts_here{0};                      // how many mounts sit on this dentry in any namespace
  const MutexLocked<u32, rank::kDirectory>& dir_lock() const [[clang::lifetimebound]] { return dir_lock_; }

 private:
  struct Names {
    String name{};
    Opt<Ref<Dentry>> parent{};
    HashMap<String, Weak<Dentry>> children{};
  };
  Ref<Inode> inode_;
  Atomic<u32> unlinked_{0};
  Opt<Ref<Dentry>> cached(std::string_view name) const;
  void rename_to(std::string_view name, Opt<Ref<Dentry>> parent) const;
  SpinLocked<Names, rank::kDentry> names_;
  MutexLocked<u32, rank::kDirectory> dir_lock_{};  // serialises lookup, create/unlink/rename in this directory
};

struct MountFlags {
  bool read_only = false, no_suid = false, no_dev = false, no_exec = false, no_atime = false, relatime = true, no_symfollow = false;
};

class MountNamespace;

class Mount final : public RefCounted {
 public:
  Mount(Ref<FileSystem> fs, Ref<Dentry> root, String source, MountFlags flags, u32 id);
  ~Mount() override { fs_->unmounted(); }
  const Ref<FileSystem>& file_system() const [[clang::lifetimebound]] { return fs_; }
  const Ref<Dentry>& root() const [[clang::lifetimebound]] { return root_; }
  Opt<Path> mount_point() const;                   // nothing: the namespace's root or detached
  // Read-only also when the file system is.
  MountFlags flags() const;
  MountFlags own_flags() const;
  void set_flags(MountFlags f) const;
  u32 id() const { return id_; }
  String source() const { return source_; }
  Atomic<u32> writers{0};                          // files open for writing

 private:
  friend class MountNamespace;
  struct Where { Opt<Path> at{}; MountFlags flags{}; };
  Ref<FileSystem> fs_;
  Ref<Dentry> root_;
  String source_;
  u32 id_ = 0;
  SpinLocked<Where, rank::kLeaf> where_;
};

// References to a mount that nobody uses: the table by id, the table by place, the path of the unmounting walk.
inline constexpr u32 kIdleMountRefs = 3;

class MountNamespace final : public RefCounted {
 public:
  MountNamespace(Ref<Mount> root, Ref<DeviceTable> devices);
  ~MountNamespace() override;
  // The same mounts in the same places, for unshare(CLONE_NEWNS). mounts: the new one of each old id.
  struct Copy;
  Copy copy() const;
  Path root() const;
  const DeviceTable& devices() const [[clang::lifetimebound]] { return *devices_; }
  // The topmost mount on this place, or the place itself.
  Path cross(Path at) const;
  Status attach(const Ref<Mount>& m, const Path& at) const;
  // mount(2) with MS_BIND: what is at `from` also at `at`; with MS_REC the mounts below it, too. Errors: not_directory.
  enum class Below : u8 { leave, bind };
  Status bind(const Path& from, const Path& at, Below below) const;
  // MS_MOVE. Errors: invalid_argument (not a mount point, or no directory for a directory), symlink_loop (into itself).
  Status move(const Path& from, const Path& at) const;
  // umount2(2). Errors: invalid_argument (not a mount point), busy.
  Status detach(const Path& at, u32 flags) const;
  void each(FnRef<void(const Ref<Mount>&)> f) const;   // in mount order
  u32 next_id() const;
  const MutexLocked<u32, rank::kRename>& rename_lock() const [[clang::lifetimebound]] { return rename_lock_; }

 private:
  struct Place {
    u64 mount = 0, dentry = 0;
    constexpr auto operator<=>(const Place&) const = default;
  };
  struct State {
    Map<u32, Ref<Mount>> by_id{};
    // (parent mount id, dentry identity) -> mounts on it, the newest last
    Map<Place, Vec<Ref<Mount>>> by_place{};
    u32 next = 1;
  };
  static void attach_locked(State& s, const Ref<Mount>& m, const Path& at);
  static Opt<Path> detach_locked(State& s, const Ref<Mount>& m);
  Ref<Mount> root_;
  Ref<DeviceTable> devices_;
  RwLocked<State, rank::kMountTree> state_{};
  MutexLocked<u32, rank::kRename> rename_lock_{};
};

struct MountNamespace::Copy {
  Ref<MountNamespace> ns;
  Map<u32, Ref<Mount>> mounts{};
  // Where a path of the old namespace is in the new one.
  Path moved(const Path& from) const;
};

// A Path where only a forward declaration is known. writes: the file counts as a writer of its mount.
class PlaceHolder {
 public:
  enum class Use : u8 { reads, writes };
  PlaceHolder(Path p, Use use) : path_(std::move(p)), use_(use) { count(1); }
  ~PlaceHolder() { count(-1); }
  PlaceHolder(const PlaceHolder&) = delete;
  Path path() const { return path_; }

 private:
  void count(i32 change) const;
  Path path_;
  Use use_ = Use::reads;
};

// Text of a path as seen from `root` (getcwd, /proc/self/exe); mark: " (deleted)" is appended for unlinked
// dentries; plain: "(unreachable)" comes first if the place is not below root.
enum class Deleted : u8 { plain, mark };
String path_text(const Path& p, const Path& root, Deleted deleted);

}  // namespace svc::fs
