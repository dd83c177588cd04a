// SPDX-License-Identifier: MPL-2.0
// Mounts and dentries: the tree of names that processes see.
// Dentry: a name in a directory, cached; knows its parent and its inode. Its children are in one map per directory (kDentry).
// Mount: an instance of a file system in a MountNamespace, attached on a dentry of its parent mount.
#pragma once
#include <base/hash_map.h>
#include <base/map.h>
#include <services/fs/file.h>

namespace svc::fs {

class Dentry final : public RefCounted {
 public:
  Dentry(String name, Opt<Ref<Dentry>> parent, Ref<Inode> inode);
  const Ref<Inode>& inode() const [[clang::lifetimebound]] { return inode_; }
  String name() const;
  Opt<Ref<Dentry>> parent() const;                 // nothing: root of its file system
  bool unlinked() const { return unlinked_.load() != 0; }
  // Cached child, or looked up through the inode and cached. Errors: not_found and the inode's.
  Result<Ref<Dentry>> child(std::string_view name) const;
  // After the inode operation succeeded: put a fresh name in, take one out, move one.
  Ref<Dentry> attach(std::string_view name, const Ref<Inode>& inode) const;
  void detach(std::string_view name) const;
  void moved(std::string_view from, const Ref<Dentry>& to_dir, std::string_view to) const;
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
  SpinLocked<Names, rank::kDentry> names_;
  MutexLocked<u32, rank::kDirectory> dir_lock_{};  // serialises create/unlink/rename in this directory
};

struct MountFlags {
  bool read_only = false, no_suid = false, no_dev = false, no_exec = false, no_atime = false, relatime = true, no_symfollow = false;
};

class Mount final : public RefCounted {
 public:
  Mount(Ref<FileSystem> fs, Ref<Dentry> root, String source, MountFlags flags, u32 id);
  const Ref<FileSystem>& file_system() const [[clang::lifetimebound]] { return fs_; }
  const Ref<Dentry>& root() const [[clang::lifetimebound]] { return root_; }
  Opt<Path> mount_point() const;                   // nothing: the namespace's root or detached
  MountFlags flags() const;
  void set_flags(MountFlags f) const;
  u32 id() const { return id_; }
  String source() const { return source_; }

 private:
  friend class MountNamespace;
  struct Where { Opt<Path> at{}; MountFlags flags{}; };
  Ref<FileSystem> fs_;
  Ref<Dentry> root_;
  String source_;
  u32 id_;
  SpinLocked<Where, rank::kLeaf> where_;
};

class MountNamespace final : public RefCounted {
 public:
  explicit MountNamespace(Ref<Mount> root);
  Path root() const;
  // The topmost mount on this place, or the place itself.
  Path cross(Path at) const;
  Status attach(const Ref<Mount>& m, const Path& at) const;
  // umount2(2). Errors: invalid_argument (not a mount point), busy.
  Status detach(const Path& at, u32 flags) const;
  void each(FnRef<void(const Ref<Mount>&)> f) const;   // in mount order
  u32 next_id() const;

 private:
  struct State {
    Map<u32, Ref<Mount>> by_id{};
    // (parent mount id, dentry identity) -> mount on it
    Map<u64, Vec<Ref<Mount>>> by_dentry{};
    u32 next = 1;
  };
  Ref<Mount> root_;
  RwLocked<State, rank::kMountTree> state_{};
};

// Text of a path as seen from `root` (getcwd, /proc/self/exe); " (deleted)" is appended for unlinked dentries if asked.
enum class Deleted : u8 { plain, mark };
String path_text(const Path& p, const Path& root, Deleted deleted);

}  // namespace svc::fs
