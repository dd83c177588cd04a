// SPDX-License-Identifier: MPL-2.0
// One-shot timers: an intrusive pairing heap for each CPU, so that arming needs no memory. A node is armed on the queue of the
// CPU where arm() ran and fires in that CPU's deferred context.
// Lock order: TimerNode::guard, TimerQueue::lock; both are inner to everything else and fire() runs without them.
#pragma once
#include <base/atomic.h>
#include <base/types.h>
#include <ostd/target/sync.h>

namespace ostd::common {

struct TimerNode {
  using Fire = void (*)(TimerNode&);
  explicit constexpr TimerNode(Fire f) : fire(f) {}
  TimerNode(const TimerNode&) = delete;

  Fire fire;
  target::RawSpin guard{};  // arm and cancel exclude each other
  Instant deadline{};
  // Pairing heap: first child, next sibling, and the previous sibling or (of a first child) the parent.
  TimerNode* child = nullptr;
  TimerNode* next = nullptr;
  TimerNode* prev = nullptr;
  Atomic<u32> armed_on{0};    // 1 + CPU whose queue holds it; set under guard and that queue's lock, cleared under the latter
  Atomic<u32> running_on{0};  // 1 + CPU whose deferred work is inside fire()
};

struct TimerQueue {
  target::RawSpin lock{};
  TimerNode* root = nullptr;
  Instant programmed = Instant::never();  // what the hardware timer is set to; only its own CPU touches it
};

// The heap alone; the caller holds the lock of its queue.
void heap_insert(TimerNode*& root, TimerNode& n);
void heap_remove(TimerNode*& root, TimerNode& n);

// Arms (again) on this CPU.
void timer_arm(TimerNode& n, Instant deadline);
// Whether it was armed. Then, or when `wait` is no, fire() may still run on another CPU.
enum class TimerWait : u8 { yes, no };
bool timer_cancel(TimerNode& n, TimerWait wait);
// Ends a node: true when its memory may go now; false when the caller is inside its fire(), which then must free it.
bool timer_end(TimerNode& n);

}  // namespace ostd::common
