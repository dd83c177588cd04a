// SPDX-License-Identifier: MPL-2.0
// The table of futex wait lists [futex(2)], keyed by (vm, address) or (frame, offset). Each bucket has a lock (kFutex); the two
// of a requeue are taken by lock_pair. User memory is never touched under a bucket's lock: see FutexTable::confirm.
#pragma once
#include <base/array.h>
#include <base/list.h>
#include <base/own.h>
#include <ostd/frame.h>
#include <ostd/sync.h>
#include <ostd/task.h>
#include <services/base/ids.h>
#include <services/base/ranks.h>

namespace svc::proc {

struct FutexKey {
  u64 space = 0, at = 0;
  bool operator==(const FutexKey&) const = default;
};

// One thread that waits. What a waker or a requeue changes is changed with the bucket's lock held.
class FutexWaiter final : public RefCounted, public ListNode<> {
 public:
  FutexWaiter(Ref<Task> t, const FutexKey& key, usize bucket_index, u32 wanted_bits, Opt<UFrame> page)
      : space(key.space), at(key.at), bucket(static_cast<u32>(bucket_index)), bits(wanted_bits), task_(std::move(t)), page_(std::move(page)) {}
  Atomic<u64> space, at;
  Atomic<u32> bucket;
  Atomic<u32> bits;
  Atomic<u32> confirmed{0};   // its word had the expected value while it was queued: wakers take it
  Atomic<u32> passed_by{0};   // a waker came before that
  Atomic<u32> woken{0};
  bool waits_for(const FutexKey& k) const { return at.load(Order::relaxed) == k.at && space.load(Order::relaxed) == k.space; }
  void move_to(const FutexKey& k, usize bucket_index, Opt<UFrame> page) const;
  const Ref<Task>& task() const [[clang::lifetimebound]] { return task_; }

 private:
  Ref<Task> task_;
  SpinLocked<Opt<UFrame>, rank::kFutexPage> page_;  // of a shared word: while it is here no other page gets its number
};

class FutexTable final : public RefCounted {
 public:
  using Key = FutexKey;
  FutexTable() = default;

  // Queues the running task, not confirmed yet: wakers pass it by (and leave a mark) without counting it.
  Ref<FutexWaiter> enqueue(const Key& key, u32 bits, Opt<UFrame> page) const;
  // After the word was read and had the expected value: true when no waker came since enqueue() or the last confirm(), so that
  // reading and queueing are one step for wakers. False: the word must be read again.
  bool confirm(const FutexWaiter& w) const;
  // Takes it out; false: it was woken already.
  bool remove(const FutexWaiter& w) const;
  // Wakes up to n waiters whose bitset meets `bits`; how many.
  usize wake(const Key& key, usize n, u32 bits) const;
  // Wakes up to `wake` and moves up to `move` of the others to another word.
  struct Moved { usize woken = 0, moved = 0; };
  Moved requeue(const Key& from, const Key& to, const Opt<UFrame>& to_page, usize wake, usize move) const;

 private:
  static constexpr usize kBuckets = 256;
  struct Bucket { List<FutexWaiter> waiters{}; };
  using Lock = SpinLocked<Bucket, rank::kFutex>;
  static usize index_of(const Key& k);
  // Takes out up to n confirmed waiters of key that want one of `bits`.
  static List<FutexWaiter> take(Bucket& b, const Key& key, usize n, u32 bits);
  static usize append(Bucket& b, List<FutexWaiter> waiters, const Key& key, usize index, const Opt<UFrame>& page);
  Array<Lock, kBuckets> buckets_{};
};

}  // namespace svc::proc
