// SPDX-License-Identifier: MPL-2.0
// Mounts and dentries: the tree of names that processes see.
// Dentry: a name in a directory, cached; knows its parent and its inode. Its children are in one map per directory (kDentry).
// Mount: an instance of a file system in a MountNamespace, attached on a dentry of its parent mount.
// Needs: a DeviceTable and the file system of the root. Whoever has a Ref<MountNamespace> may walk it; changing or copying the tree
// takes a capability, which create() makes, FsContext keeps and FsContext::change_mounts() lends to the privileged.
#pragma once
#include <base/cap.h>
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
  // What is here, or the directory it is in.
  bool watched() const { return inode_->watches.any() || parent_watched_.load(Order::relaxed) != 0; }
  // The directory is watched from now on.
  void watch_children() const;
  // Cached child, or looked up through the inode and cached. Errors: not_found and the inode's.
  Result<Ref<Dentry>> child(std::string_view name) const;
  // The same while the caller holds dir_lock.
  Result<Ref<Dentry>> child_locked(std::string_view name) const;
  // After the inode operation succeeded, with dir_lock held: a fresh name comes, one goes, one moves (replacing what was there).
  Ref<Dentry> attach(std::string_view name, const Ref<Inode>& inode) const;
  void detach(std::string_view name) const;
  void moved(std::string_view from, const Dentry& to_dir, std::string_view to) const;
  void exchanged(std::string_view a, const Dentry& other_dir, std::string_view b) const;
  bool covered() const { return mounts_here_.load(Order::relaxed) != 0; }  // by a mount in any namespace
  const MutexLocked<u32, rank::kDirectory>& dir_lock() const [[clang::lifetimebound]] { return dir_lock_; }

 private:
  friend class MountNamespace;
  Atomic<u32> mounts_here_{0};
  struct Names {
    String name{};
    Opt<Ref<Dentry>> parent{};
    HashMap<String, Weak<Dentry>> children{};
  };
  Ref<Inode> inode_;
  Atomic<u32> unlinked_{0}, parent_watched_{0};
  Opt<Ref<Dentry>> cached(std::string_view name) const;
  void rename_to(std::string_view name, Opt<Ref<Dentry>> parent) const;
  SpinLocked<Names, rank::kDentry> names_;
  MutexLocked<u32, rank::kDirectory> dir_lock_{};  // serialises lookup, create/unlink/rename in this directory
};

struct MountFlags {
  bool read_only = false, no_suid = false, no_dev = false, no_exec = false, no_atime = false, relatime = true, no_symfollow = false;
};

class MountNamespace;
// What may be done with a tree of mounts besides walking it. change: attach, bind, move, detach, remount; copy: have one like it.
namespace mounts {
inline constexpr auto change = Rights<MountNamespace>::bit(0), copy = Rights<MountNamespace>::bit(1);
}

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
  // The one check for every change of what is reached through this mount. Errors: read_only.
  Status writable() const;
  u32 id() const { return id_; }
  String source() const { return source_; }

 private:
  friend class MountNamespace;
  friend class PlaceHolder;
  void set_flags(MountFlags f) const;
  Atomic<u32> writers_{0};                         // files open for writing
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
  class MintKey {
    friend class MountNamespace;
    explicit MintKey() {}
  };
  struct Copy;
  // MS_BIND with MS_REC: the mounts below, too.
  enum class Below : u8 { leave, bind };
  // Of MS_REMOUNT: the file system in all its mounts, or (MS_BIND) one mount.
  enum class Of : u8 { file_system, mount };
  struct Calls {
    // The file system `fs`, made for it, on the place `at`. Errors: not_directory (a directory on a file or the other way round).
    Status mount(this const Permits<mounts::change> auto& self, const Ref<FileSystem>& fs, String source, MountFlags flags, const Path& at) {
      return self->mount(fs, std::move(source), flags, at);
    }
    // mount(2) with MS_BIND: what is at `from` also at `at`. Errors: not_directory.
    Status bind(this const Permits<mounts::change> auto& self, const Path& from, const Path& at, Below below) { return self->bind(from, at, below); }
    // MS_MOVE. Errors: invalid_argument (not a mount point, or no directory for a directory), symlink_loop (into itself).
    Status move(this const Permits<mounts::change> auto& self, const Path& from, const Path& at) { return self->move(from, at); }
    // umount2(2). Errors: invalid_argument (not a mount point), busy.
    Status detach(this const Permits<mounts::change> auto& self, const Path& at, u32 flags) { return self->detach(at, flags); }
    // Errors: invalid_argument (not a mount point, options), busy (read-only, but files are open for writing).
    Status remount(this const Permits<mounts::change> auto& self, const Path& at, MountFlags flags, Of what, std::string_view options) {
      return self->remount(at, flags, what, options);
    }
    // The same mounts in the same places, for unshare(CLONE_NEWNS).
    auto copy(this const Permits<mounts::copy> auto& self) { return self->copy(); }
  };
  // A tree with one mount. Its maker gets all rights.
  static Cap<MountNamespace, mounts::change | mounts::copy | kDup> create(Ref<Mount> root, Ref<DeviceTable> devices);
  MountNamespace(const MintKey& key, Ref<Mount> root, Ref<DeviceTable> devices);
  ~MountNamespace() override;
  Path root() const;
  const DeviceTable& devices() const [[clang::lifetimebound]] { return *devices_; }
  // The topmost mount on this place, or the place itself.
  Path cross(Path at) const;
  void each(FnRef<void(const Ref<Mount>&)> f) const;   // in mount order
  const MutexLocked<u32, rank::kRename>& rename_lock() const [[clang::lifetimebound]] { return rename_lock_; }

 private:
  Status mount(const Ref<FileSystem>& fs, String source, MountFlags flags, const Path& at) const;
  Status bind(const Path& from, const Path& at, Below below) const;
  Status move(const Path& from, const Path& at) const;
  Status detach(const Path& at, u32 flags) const;
  Status remount(const Path& at, MountFlags flags, Of what, std::string_view options) const;
  Copy copy() const;
  Status attach(const Ref<Mount>& m, const Path& at) const;
  u32 next_id() const;
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
  Cap<MountNamespace, mounts::change | mounts::copy | kDup> ns;
  Map<u32, Ref<Mount>> mounts{};  // the new one of each old id
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
  bool watched() const { return path_.dentry->watched(); }

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
