// SPDX-License-Identifier: MPL-2.0
// RangeLock: exclusive access to ranges of addresses; holders of disjoint ranges do not wait for each other. The holder's node sits
// in a list in order of arrival; a node waits until no earlier one overlaps it, so nobody is overtaken.
#pragma once
#include <base/atomic.h>
#include <base/types.h>
#include <ostd/target/sync.h>

namespace ostd::common {

struct RangeNode {  // begin and end are the holder's to fill in
  u64 begin;
  u64 end;
  RangeNode* next;
  RangeNode* prev;
  u32 blockers;  // earlier nodes that overlap; falls under the list's lock, read by the waiter
};

class RangeLock {
 public:
  // Requires: preemption is off until unlock; node stays where it is.
  void lock(RangeNode& node) {
    node.next = nullptr;
    u32 blockers = 0;
    spin_.lock();
    for (const RangeNode* n = head_; n; n = n->next) blockers += n->begin < node.end && node.begin < n->end;
    node.prev = tail_;
    (tail_ ? tail_->next : head_) = &node;
    tail_ = &node;
    __atomic_store_n(&node.blockers, blockers, __ATOMIC_RELAXED);
    spin_.unlock();
    if (blockers) [[unlikely]] wait(node);
  }
  void unlock(RangeNode& node) {
    spin_.lock();
    for (RangeNode* n = node.next; n; n = n->next)
      // release: what was done under the range is seen by the one it is passed to.
      if (n->begin < node.end && node.begin < n->end) __atomic_fetch_sub(&n->blockers, 1, __ATOMIC_RELEASE);
    (node.prev ? node.prev->next : head_) = node.next;
    (node.next ? node.next->prev : tail_) = node.prev;
    spin_.unlock();
  }

 private:
  static void wait(const RangeNode& node);
  target::RawSpin spin_{};
  RangeNode* head_ = nullptr;
  RangeNode* tail_ = nullptr;
};

}  // namespace ostd::common
