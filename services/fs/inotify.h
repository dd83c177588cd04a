// SPDX-License-Identifier: MPL-2.0
// inotify [inotify(7)]: a file from which is read what happened to watched inodes.
// Locks: changing_ serialises adding; the queue is a spinlock. A watch is in its inode's list and in its instance's; whoever takes it out
// of the inode's list takes it out of the other, too.
#pragma once
#include <base/hash_map.h>
#include <ostd/wait.h>
#include <services/fs/file.h>

namespace svc::fs {

// What one user has of both.
class InotifyUse final : public RefCounted {
 public:
  Atomic<u32> instances{0}, watches{0};
};
// /proc/sys/fs/inotify; one of a machine.
class InotifyLimits final : public RefCounted {
 public:
  explicit InotifyLimits(u32 watches) : watches(watches) {}
  Ref<InotifyUse> use(Uid who) const;
  u64 next_owner() const { return owners_.fetch_add(1); }
  Atomic<u32> queued{16384}, instances{128}, watches;

 private:
  Atomic<u64> owners_{1};
  SpinLocked<HashMap<u32, Ref<InotifyUse>>, rank::kLeaf> users_{};
};

class Inotify final : public File {
 public:
  // Errors: too_many_files (of this user).
  static Result<Ref<File>> create(const Ref<InotifyLimits>& limits, Uid who, u32 flags);
  Inotify(Ref<InotifyLimits> limits, Ref<InotifyUse> use, u32 flags);
  ~Inotify() override;
  // The flags of a watch besides its events.
  static constexpr u32 kExclUnlink = 0x0400'0000, kMaskCreate = 0x1000'0000, kMaskAdd = 0x2000'0000, kOneshot = 0x8000'0000;
  // The watch's number. Errors: exists, no_space (of this user).
  Result<i32> add(const Ref<Inode>& inode, u32 mask) const;
  // Errors: invalid_argument.
  Status remove(i32 wd) const;
  u64 owner() const { return owner_; }

  Result<usize> read(const Context& who, Writer& to) const override;
  Result<i64> ioctl(const Context& who, u32 command, u64 argument) const override;
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override { queue_.add_hook(std::move(hook)); }
  void poll_remove(const WaitHook& hook) const override { queue_.remove_hook(hook); }
  Asks read_asks() const override { return {.any = false}; }
  bool ignores_seek() const override { return true; }
  String link_text() const override { return String("anon_inode:inotify"); }
  String fdinfo() const override;

 private:
  friend class InotifyWatch;
  struct Event {
    i32 wd = 0;
    u32 mask = 0, cookie = 0;
    String name{};
    usize size() const;
  };
  struct State {
    Map<u64, Event> events{};
    u64 next_event = 0, bytes = 0;
    Map<i32, Ref<RefCounted>> watches{};
    i32 last_wd = 0;
  };
  void queue(Event e) const;
  void forget(i32 wd) const;  // with the event that says so
  bool any() const;
  Ref<InotifyLimits> limits_;
  Ref<InotifyUse> use_;
  u64 owner_ = 0;  // in the lists of inodes
  MutexLocked<u32, rank::kEpollScan> changing_{};
  SpinLocked<State, rank::kEventState> state_{};
  WaitQueue queue_{};
};

}  // namespace svc::fs
