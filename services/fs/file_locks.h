// SPDX-License-Identifier: MPL-2.0
// Advisory locks of one inode: record locks [fcntl(2)], of processes and of open files, and flock(2). Record locks and flock do
// not see each other.
// One spinlock (kFileLocks) guards both lists; waiting happens without it. A deadlock of processes is found by following from
// owner to owner what each waits for: everybody announces its wait before it looks, so of those in a circle one sees it.
#pragma once
#include <base/map.h>
#include <ostd/sync.h>
#include <ostd/wait.h>
#include <services/base/ids.h>
#include <services/base/ranks.h>

namespace svc::fs {

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

// What an open file holds: goes with it.
class FileLockHold final : public RefCounted {
 public:
  explicit FileLockHold(Ref<FileLocks> locks) : locks_(std::move(locks)), owner_(make_ref<LockOwner>()) {}
  ~FileLockHold() override;
  const Ref<LockOwner>& owner() const [[clang::lifetimebound]] { return owner_; }

 private:
  Ref<FileLocks> locks_;
  Ref<LockOwner> owner_;
};

}  // namespace svc::fs
