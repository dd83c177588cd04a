// SPDX-License-Identifier: MPL-2.0
// Clocks and one-shot timers. Idle CPUs get no periodic tick.
#pragma once
#include <base/fn.h>
#include <base/types.h>
#include <base/annotations.h>
#include <base/own.h>

namespace ostd {

namespace time {
Instant now();              // monotonic, the same on all CPUs, nanoseconds since boot; never goes back
i64 wall_now();             // nanoseconds since 1970-01-01 UTC
void set_wall(i64 wall_ns);  // steps the wall clock; callers have checked the caller's right
i64 wall_offset();          // wall_now() - now(), changes only by set_wall
u64 resolution_ns();
}  // namespace time

// Calls its function once at the deadline or soon after: in deferred context (preemption off, interrupts on, no sleeping), on
// some CPU. arm() replaces the deadline; cancel() returns whether it was armed. After cancel() or destruction returns the
// function does not run any more (they wait for one that is running on another CPU; called from within the function itself
// they do not wait). A timer in a shared object captures a Weak, not a Ref.
class OSTD_SYNC OSTD_OWNED Timer {
 public:
  explicit Timer(Fn<void()> f);
  ~Timer();
  Timer(const Timer&) = delete;
  void arm(Instant deadline) const;
  bool cancel() const;
  Opt<Instant> deadline() const;  // nothing when not armed

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace ostd
