// SPDX-License-Identifier: MPL-2.0
// Arrays of semaphores [semget(2), semop(2), semctl(2)] and what is undone at the end of a thread.
//
// An operation that would block waits as a SemWaiter. One of a single semaphore is in a list of that semaphore, for zero or for more;
// an operation on several is in a list of the array. Whoever changes a value does the operations that have become possible, as Linux
// does: those that wait for zero first, then the oldest of the others that can go on, until there is none. As long as nobody waits
// for several at once only the lists of the changed semaphores are looked at.
//
// SEM_UNDO: an UndoList is what threads share that were made with CLONE_SYSVSEM. The adjustments lie in the array, by list; the
// list knows its arrays. A list's lock is never taken with an array's.
#pragma once
#include <base/map.h>
#include <base/vec.h>
#include <services/ipc/object.h>
#include <services/ipc/sleeper.h>

namespace svc::ipc {

class SemArray;
class Space;

inline constexpr i32 kSemMost = 32767;    // SEMVMX, and SEMAEM: the largest adjustment
inline constexpr u16 kUndo = 010000;      // SEM_UNDO

struct SemOp {   // struct sembuf
  u16 number = 0;
  i16 change = 0;
  u16 flags = 0;
};

class UndoList final : public RefCounted {
 public:
  UndoList();
  ~UndoList() override;
  // A thread more uses it; the first has it by making it.
  void join() const { users_.fetch_add(1); }
  // A thread of this process uses it no more. The last one: everything is undone.
  void leave(i32 pid) const;
  void remember(const Ref<SemArray>& a) const;   // takes memory: one block
  void forget(const SemArray& a) const;

 private:
  Atomic<u32> users_{1};
  SpinLocked<Map<u64, Weak<SemArray>>, rank::kLeaf> arrays_{};
};

struct BySemaphore {};
struct ByArray {};
class SemWaiter final : public Sleeper, public ListNode<BySemaphore>, public ListNode<ByArray> {
 public:
  SemWaiter(Vec<SemOp> ops, i32 pid, u64 undo);
  const Vec<SemOp>& ops() const [[clang::lifetimebound]] { return ops_; }
  i32 pid() const { return pid_; }
  u64 undo() const { return undo_; }
  bool alters() const { return alters_; }
  bool several() const { return ops_.size() > 1; }
  u64 mask() const { return mask_; }        // a bit for each semaphore's number modulo 64
  SemOp blocking() const { return ops_[blocking_.load(Order::relaxed)]; }
  void set_blocking(usize i) const { blocking_.store(i, Order::relaxed); }   // with the array's lock

 private:
  Vec<SemOp> ops_;
  i32 pid_;
  u64 undo_, mask_;
  bool alters_;
  Atomic<usize> blocking_{0};   // the first of its operations that cannot be done
};

class SemArray final : public Object {
 public:
  SemArray(const Context& who, i32 key, u32 mode, u32 n, Weak<Space> space);
  ~SemArray() override;
  u32 size() const { return size_; }
  struct Times { i64 operated = 0, changed = 0; };
  Times times() const { return state_.with([](State& s) { return s.times; }); }
  void changed() const { state_.with([](State& s) { s.times.changed = wall_seconds(); }); }
  // Numbers below size(), not empty. Errors: identifier_removed, again (IPC_NOWAIT, or the deadline), out_of_range, interrupted,
  // out_of_memory.
  Status operate(Vec<SemOp> ops, i32 pid, const Opt<Ref<UndoList>>& undo, Opt<Instant> deadline) const;
  // Of one semaphore. Errors: identifier_removed.
  enum class Ask : u8 { value, pid, waiting_for_more, waiting_for_zero };
  Result<i32> ask(u32 number, Ask what) const;
  Status set(u32 number, u16 value, i32 pid) const;
  // Of all. Errors: identifier_removed, out_of_memory.
  Result<Vec<u16>> values() const;
  Status set_all(const Vec<u16>& values, i32 pid) const;
  // IPC_RMID.
  void remove() const;
  void undo_all(u64 list, i32 pid) const;

 private:
  struct Semaphore {
    u16 value = 0;
    i32 pid = 0;       // of the last operation
  };
  struct Queues { List<SemWaiter, BySemaphore> zero{}, more{}; };
  struct Adjustments {
    Vec<i16> by{};
    Weak<UndoList> list{};
  };
  using Undo = Map<u64, Adjustments>;
  struct State {
    Vec<Semaphore> all{};
    Map<u32, Queues> queues{};               // only of semaphores that somebody waits for alone
    List<SemWaiter, ByArray> alters{};       // all that wait to change something
    List<SemWaiter, ByArray> zeros{};        // those that wait for zero of several
    usize several = 0;                       // of `alters`
    Undo undo{};
    Times times{};
    bool removed = false;
  };
  enum class Tried : u8 { done, blocked, refused, out_of_range };
  static Tried attempt(State& s, std::span<const SemOp> ops, i32 pid, u64 undo, usize& at);
  static void revert(State& s, std::span<const SemOp> done, u64 undo);
  static bool adjust(State& s, u64 undo, const SemOp& o);
  static Status as_status(Tried t);
  static bool retry(State& s, const Ref<SemWaiter>& w, WakeList& woken);
  static void enqueue(State& s, const Ref<SemWaiter>& w);
  static bool dequeue(State& s, const SemWaiter& w);
  static bool settle_zero(State& s, u32 number, WakeList& woken);
  static bool settle_zeros(State& s, std::span<const SemOp> changed, WakeList& woken);
  static bool settle_several_zeros(State& s, WakeList& woken);
  static bool settle_more(State& s, u32 number, WakeList& woken);
  static bool settle_alters(State& s, u64 mask, WakeList& woken);
  static void settle(State& s, std::span<const SemOp> changed, WakeList& woken);
  static bool settle_everything(State& s, WakeList& woken);
  Status prepare_undo(const UndoList& list) const;
  void uncount() const;   // its semaphores are the space's no more
  u32 size_;
  Weak<Space> space_;
  SpinLocked<State, rank::kIpcObject> state_{};
};

}  // namespace svc::ipc
