// SPDX-License-Identifier: MPL-2.0
// Who watches an inode, and how they are told what happens to it [inotify(7)]. Nobody watching costs one look at a word.
#pragma once
#include <base/map.h>
#include <base/own.h>
#include <base/vec.h>
#include <ostd/sync.h>
#include <services/base/ranks.h>

namespace svc::fs {
using namespace ostd;

class Inode;
class Dentry;

// Numbers of <sys/inotify.h>.
namespace notice {
inline constexpr u32 access = 1, modify = 2, attrib = 4, close_write = 8, close_nowrite = 0x10, open = 0x20, moved_from = 0x40, moved_to = 0x80, create = 0x100,
    removed = 0x200, removed_self = 0x400, moved_self = 0x800, all = 0xfff, unmount = 0x2000, overflow = 0x4000, ignored = 0x8000, is_dir = 0x4000'0000;
}

// One watch on one inode. tell() is called with sleeping locks held, never with spinlocks.
class Watch : public RefCounted {
 public:
  // Which entry of a directory it is about; not: the watched object itself.
  struct About { u32 cookie = 0; bool unlinked = false; };
  virtual u32 mask() const = 0;
  virtual void tell(u32 events, std::string_view name, About about) const = 0;
  // The inode is gone, or its file system: it was taken out already.
  virtual void ended() const = 0;
  virtual void unmounted() const = 0;
};

class InodeWatches {
 public:
  bool any() const { return any_.load(Order::relaxed) != 0; }
  Opt<Ref<Watch>> get(u64 owner) const;
  void put(u64 owner, Ref<Watch> w) const;
  // True: it was there, and is not any more.
  bool remove(u64 owner) const;
  Vec<Ref<Watch>, 4> wanting(u32 events) const;
  Vec<Ref<Watch>, 4> take_all() const;

 private:
  Atomic<u32> any_{0};
  SpinLocked<Map<u64, Ref<Watch>>, rank::kLeaf> list_{};
};

// The watches in one file system, for its end.
class FileSystemWatches {
 public:
  u64 add(Weak<Watch> w) const;
  void remove(u64 key) const;
  void unmounted() const;

 private:
  struct State {
    Map<u64, Weak<Watch>> all{};
    u64 next = 0;
  };
  SpinLocked<State, rank::kLeaf> state_{};
};

// To those who watch the inode. name: of the entry it is about.
void tell(const Inode& inode, u32 events, std::string_view name = {}, Watch::About about = {});
// To those who watch what is at d or the directory it is in. For what was done by an open file: through a name that may be gone.
enum class Done : u8 { by_name, by_file };
void tell_at(const Dentry& d, u32 events, Done how);
// The object has lost its last name and user.
void tell_gone(const Inode& inode);

}  // namespace svc::fs
