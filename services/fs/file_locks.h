// SPDX-License-Identifier: MPL-2.0
// Advisory locks of one inode: record locks [fcntl(2)], of processes and of open files, and flock(2). Record locks and flock do
// not see each other.
// One spinlock (kFileLocks) guards both lists, another one outside it (kFileLockPlace) their coming and going; waiting happens without it. A deadlock of processes is found by following from
// owner to owner what each waits for: everybody announces its wait before it looks, so of those in a circle one sees it.
#pragma once
#include <base/map.h>
#include <ostd/sync.h>
#include <ostd/wait.h>
#include <services/base/ids.h>
#include <services/base/ranks.h>

namespace svc::fs {

class Inode;

// Whose locks they are: a descriptor table (fcntl) or an open file (F_OFD_*, flock).
class LockOwner final : public RefCounted {
 public:
  LockOwner() = default;
  void waits_for(Opt<Ref<LockOwner>> other) const;
  // Whether following the waits from here leads to `target`.
  bool leads_to(const LockOwner& target) const;

 private:
  SpinLocked<Opt<Ref<LockOwner>>, rank::kLeaf> waiting_{};
};

enum class LockType : u8 { read, write, unlock };
enum class LockSpace : u8 { record, whole_file };

struct FileLock {
  LockType type = LockType::read;
  u64 start = 0, end = 0;          // both inclusive
  Pid pid{-1};                     // F_GETLK's answer; -1: of an open file
  Opt<Ref<LockOwner>> owner{};
};

class FileLocks final : public RefCounted {
 public:
  FileLocks() = default;
  // A lock of somebody else that is in the way.
  Opt<FileLock> conflict(LockSpace space, const FileLock& wanted) const;
  // Sets or takes away. Errors: again (conflict).
  Status set(LockSpace space, const FileLock& wanted) const;
  // The same, but waits. Errors: restart_syscall (a signal came), deadlock (record locks of processes only).
  Status set_waiting(LockSpace space, const FileLock& wanted) const;
  // The owner has gone, or closed a descriptor of the file.
  void release(LockSpace space, const LockOwner& owner) const;
  bool empty() const;

 private:
  // The ranges of one owner do not overlap.
  struct Key {
    u64 start = 0, owner = 0;
    constexpr auto operator<=>(const Key&) const = default;
  };
  using Held = Map<Key, FileLock>;
  struct State { Held record{}, whole{}; };
  struct Attempt { bool blocked = false, freed = false; };
  static Held& held(State& s [[clang::lifetimebound]], LockSpace space) { return space == LockSpace::record ? s.record : s.whole; }
  static Opt<FileLock> in_the_way(const Held& h, const FileLock& wanted);
  // Puts a lock in place of what its owner had there: older ranges are cut, equal neighbours joined. True: something was there.
  static bool replace(Held& h, FileLock lock);
  Attempt attempt(LockSpace space, const FileLock& wanted) const;
  SpinLocked<State, rank::kFileLocks> state_{};
  WaitQueue freed_{};
};

// An inode's advisory locks. They exist only while there is a lock or somebody works on them (FileLocksUse).
class FileLockPlace {
 public:
  FileLockPlace() = default;
  // Whether there may be locks. Who has set one under another lock than his is seen by whoever takes that lock afterwards.
  bool any() const { return any_.load(Order::acquire) != 0; }

 private:
  friend class FileLocksUse;
  struct State {
    Opt<Ref<FileLocks>> locks{};
    u32 users = 0;
  };
  Ref<FileLocks> enter() const;
  void leave() const;
  SpinLocked<State, rank::kFileLockPlace> state_{};
  Atomic<u32> any_{0};
};

// Everything that is done with an inode's locks is done through one of these.
class FileLocksUse {
 public:
  explicit FileLocksUse(Ref<Inode> inode);
  ~FileLocksUse();
  FileLocksUse(const FileLocksUse&) = delete;
  FileLocksUse& operator=(const FileLocksUse&) = delete;
  const FileLocks& locks() const [[clang::lifetimebound]] { return *locks_; }

 private:
  Ref<Inode> inode_;
  Ref<FileLocks> locks_;
};

// What an open file holds: goes with it.
class FileLockHold final : public RefCounted {
 public:
  explicit FileLockHold(Ref<Inode> inode);
  ~FileLockHold() override;
  const Ref<LockOwner>& owner() const [[clang::lifetimebound]] { return owner_; }

 private:
  FileLocksUse use_;
  Ref<LockOwner> owner_;
};

}  // namespace svc::fs
