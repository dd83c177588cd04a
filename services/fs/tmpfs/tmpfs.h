// SPDX-License-Identifier: MPL-2.0
// tmpfs [tmpfs(5)]: files in memory. Also the base of devtmpfs and memfd.
#pragma once
#include <base/hash_map.h>
#include <base/map.h>
#include <ostd/sync.h>
#include <ostd/task.h>
#include <services/base/ranks.h>
#include <services/fs/inode.h>
#include <services/vm/anon_object.h>

namespace svc::fs {

struct TmpfsOptions {
  u64 size_bytes = 0;          // 0: half of memory, given by the caller
  u64 max_inodes = 0;          // 0: not limited
  Mode root_mode{01777};
  Uid uid{};
  Gid gid{};
  u64 magic = 0x01021994;      // what statfs says (TMPFS_MAGIC)
  bool ends_unmounted = false; // everything goes with its last mount
  bool handles = true;         // of open_by_handle_at(2)
};

class TmpInode;

class Tmpfs final : public FileSystem {
 public:
  // type: what /proc/mounts calls it ("tmpfs", "devtmpfs", "rootfs").
  static Ref<Tmpfs> create(StaticStr type, u32 device_minor, const TmpfsOptions& o);
  // Errors: invalid_argument (unknown option or value).
  static Result<TmpfsOptions> parse_options(std::string_view text, const TmpfsOptions& defaults);
  Tmpfs(StaticStr type, u32 minor, const TmpfsOptions& o)
      : type_(type), minor_(minor), options_(o), most_bytes_(o.size_bytes), most_inodes_(o.max_inodes) {}

  std::string_view type_name() const [[clang::lifetimebound]] override { return type_.view(); }
  // Requires: there is one, that is, it was made by create() and is not unmounted.
  Ref<Inode> root() const override;
  void last_unmounted() const override;
  StatFs statfs() const override;
  DevId device() const override { return DevId::make(0, minor_); }
  String options() const override;

  // Page and inode budget; attributes count as parts of inodes. Errors: no_space.
  Status take_pages(u64 n) const;
  void give_pages(u64 n) const { used_pages_.fetch_sub(n); }
  Status take_inode() const { return take_inode_bytes(kInodeBytes); }
  void give_inode() const { give_inode_bytes(kInodeBytes); }
  Status take_inode_bytes(u64 n) const;
  void give_inode_bytes(u64 n) const { used_inode_bytes_.fetch_sub(n); }
  u64 next_ino() const { return next_ino_.fetch_add(1); }
  Opt<Handle> handle_of(const Inode& inode) const override;
  Opt<Ref<Inode>> by_handle(const Handle& h) const override;
  void forget(u64 ino) const;

 private:
  static constexpr u64 kInodeBytes = 1024;  // what one of nr_inodes stands for
  u64 used_inodes() const { return (used_inode_bytes_.load() + kInodeBytes - 1) / kInodeBytes; }
  Status reconfigure(std::string_view options) const override;
  StaticStr type_;
  u32 minor_ = 0;
  TmpfsOptions options_;
  Atomic<u64> most_bytes_, most_inodes_;   // 0: not limited
  Atomic<u64> used_pages_{0}, used_inode_bytes_{0}, next_ino_{1};
  Atomic<u32> generation_{0};              // of all its handles: numbers of inodes do not come again
  // Those of which somebody asked for a handle.
  SpinLocked<HashMap<u64, Weak<TmpInode>>, rank::kLeaf> known_{};
  // The root knows its file system, so this is a cycle, until last_unmounted().
  SpinLocked<Opt<Ref<TmpInode>>, rank::kLeaf> root_{};
};

// The pages of one regular file.
class TmpPages final : public MemoryObject {
 public:
  explicit TmpPages(Ref<Tmpfs> fs) : fs_(std::move(fs)) {}
  ~TmpPages() override;
  Result<UFrame> page(u64 index, Access access) const override;
  Opt<UFrame> page_if_present(u64 index) const override;
  u64 size_bytes() const override { return size_.load(Order::acquire); }
  void add_user(Weak<PageUser> user) const override { users_.add(std::move(user)); }
  void remove_user(const PageUser& user) const override { users_.remove(user); }
  void add_writer() const override { writers_.fetch_add(1); }
  void remove_writer() const override { writers_.fetch_sub(1); }
  void written_through_mapping() const override { written_.store(1, Order::relaxed); }

  // There is a shared mapping that may write.
  bool has_writers() const { return writers_.load() != 0; }
  // Allocates whatever the size (writes that grow the file). Errors: no_space, out_of_memory.
  Result<UFrame> page_for_write(u64 index) const;
  // All pages of [first, end), or none of those that are missing; without data. Errors: no_space, out_of_memory.
  Status fill(u64 first, u64 end) const;
  void set_size(u64 bytes) const { size_.store(bytes, Order::release); }
  // Frees pages from `first` on and drops them from all mappings; the rest of a cut page is zeroed by the caller.
  void drop_from(u64 first) const;
  void drop_range(u64 first, u64 end) const;
  Opt<u64> next_present(u64 index) const;
  // Of the pages that somebody wrote or mapped.
  Opt<u64> next_data(u64 index) const;
  bool has_data(u64 index) const { return pages_.with([&](Pages& p) { return p.frames.contains(index) && !p.is_reserved(index); }); }
  u64 page_count() const { return count_.load(Order::relaxed); }
  bool take_written() const { return written_.exchange(0) != 0; }

 private:
  Ref<Tmpfs> fs_;
  Atomic<u64> size_{0}, count_{0};
  Atomic<u32> written_{0};
  Atomic<u64> writers_{0};
  vm::PageUsers users_{};
  struct Pages {
    Map<u64, UFrame> frames{};
    Map<u64, u64> reserved{};  // a bit for each page, in words of 64: it is there, but nobody wrote or mapped it
    bool is_reserved(u64 index);
    void set_reserved(u64 index);
    void clear_reserved(u64 index);
  };
  SpinLocked<Pages, rank::kMemoryObject> pages_{};
};

class TmpInode final : public Inode {
 public:
  static Result<Ref<TmpInode>> create(const Ref<Tmpfs>& fs, const NewInode& what);
  TmpInode(Ref<Tmpfs> fs, const NewInode& what, u64 ino);
  ~TmpInode() override;
  Ref<FileSystem> file_system() const override { return fs_; }
  Attr attr() const override;
  FileType type() const override { return type_; }
  u64 ino() const override { return ino_; }
  Status set_attr(const AttrChange& change) const override;
  Opt<Name> newest_name() const override;
  const Atomic<u32>& has_handle() const [[clang::lifetimebound]] { return has_handle_; }

  Result<Ref<Inode>> lookup(std::string_view name) const override;
  Result<Ref<Inode>> create(std::string_view name, const NewInode& what) const override;
  Result<Ref<Inode>> create_nameless(const NewInode& what, Nameless kind) const override;
  bool linkable() const override { return linkable_.load() != 0; }
  Status link(std::string_view name, const Ref<Inode>& target) const override;
  Status unlink(std::string_view name) const override;
  Status rmdir(std::string_view name) const override;
  Status rename(std::string_view name, const Ref<Inode>& to_dir, std::string_view to_name, RenameMode mode) const override;
  Status read_dir(u64 cookie, DirSink& sink, u64& after) const override;
  Result<String> read_link(const Context& who) const override;
  Result<usize> read_at(u64 offset, Writer& to) const override;
  Result<Written> write_at(u64 offset, Reader& from, AppendMode mode) const override;
  Status truncate(u64 size) const override;
  Status fallocate(u32 mode, u64 offset, u64 length) const override;
  Result<u64> seek_data_hole(u64 offset, bool hole) const override;
  Opt<Ref<MemoryObject>> memory() const override;
  u64 pages_present(u64 first, u64 end) const override;
  Status add_seals(u32 seals) const override;
  Result<u32> seals() const override;
  bool has_xattrs() const override { return true; }
  Result<Ref<XattrValue>> xattr(std::string_view name) const override;
  Status set_xattr(std::string_view name, Opt<Ref<XattrValue>> value, XattrSet how) const override;
  Vec<String> xattr_names() const override;
  bool has_capabilities() const override { return capable_.load(Order::relaxed) != 0; }
  bool has_acls() const override { return true; }
  bool has_acl() const override { return listed_.load(Order::acquire) != 0; }
  Opt<Ref<Acl>> acl(AclKind kind) const override;
  Status set_acl(AclKind kind, Opt<Ref<Acl>> acl) const override;
  void set_unlinked() const { nlink_.store(0); }
  // For memfd: no name leads here, and these are its seals.
  void make_memfd(u32 seals) const;
  // Adds an entry for an inode that the caller made (devtmpfs).
  Status add_entry(std::string_view name, const Ref<TmpInode>& inode) const;
  // Lets go of everything below. Not by destructors calling each other: a tree can be deeper than a stack.
  void clear_tree() const;

 private:
  struct Entry { String name{}; Opt<Ref<TmpInode>> inode{}; };
  struct Directory {
    HashMap<String, u64> cookies{};
    Map<u64, Entry> entries{};
    u64 next_cookie = 3;
  };
  struct Changing { Mode mode{}; Uid uid{}; Gid gid{}; FileTime atime{}, mtime{}, ctime{}; };
  // What most inodes have none of.
  struct Extra {
    Map<String, Ref<XattrValue>> xattrs{};
    Opt<Ref<Acl>> access{}, standard{};
  };
  // One of its names: an entry of a directory.
  struct Link {
    u64 dir_ino = 0, cookie = 0;
    Opt<Weak<TmpInode>> dir{};
  };
  struct LinkKey {
    u64 dir_ino = 0, cookie = 0;
    constexpr auto operator<=>(const LinkKey&) const = default;
  };
  struct Links {
    Link newest{};
    Map<LinkKey, Weak<TmpInode>> older{};
  };
  void linked(const TmpInode& dir, u64 cookie) const;
  void lost_link(u64 dir_ino, u64 cookie) const;
  Opt<Ref<TmpInode>> find(std::string_view name) const;
  void insert(std::string_view name, const Ref<TmpInode>& inode) const;
  Opt<Ref<TmpInode>> shed() const;
  Opt<Ref<TmpInode>> erase(std::string_view name) const;
  bool empty_directory() const;
  void zero_part(u64 from, u64 to) const;
  Status may_write(u64 end) const;
  void touch(bool data) const;       // mtime (if data) and ctime are now
  Ref<Tmpfs> fs_;
  FileType type_ = FileType::regular;
  u64 ino_ = 0;
  DevId rdev_;
  FileTime birth_;
  Atomic<u64> nlink_{1};
  Atomic<u32> linkable_{0};          // without a name, until link gives it one
  String target_;                    // symbolic links
  Opt<Ref<TmpPages>> pages_{};       // regular files
  Atomic<u32> seals_{seal::seal};    // changed with the write lock; other files than memfds get no more
  SpinLocked<Changing, rank::kLeaf> changing_{};
  SpinLocked<Directory, rank::kLeaf> dir_{};
  SpinLocked<Extra, rank::kLeaf> extra_{};
  SpinLocked<Links, rank::kLeaf> links_{};
  Atomic<u32> has_handle_{0};
  Atomic<u32> capable_{0}, listed_{0};  // there is a security.capability, an access list
  MutexLocked<u32, rank::kInode> write_lock_{};   // size changes and writes
};

}  // namespace svc::fs
