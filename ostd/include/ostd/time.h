// SPDX-License-Identifier: MPL-2.0
// Clocks and one-shot timers. Idle CPUs get no periodic tick.
#pragma once
#include <base/cap.h>
#include <base/fn.h>
#include <base/types.h>
#include <base/annotations.h>
#include <base/own.h>

namespace ostd {

namespace time {
Instant now();              // monotonic, the same on all CPUs, nanoseconds since boot; never goes back
i64 wall_now();             // nanoseconds since 1970-01-01 UTC
i64 wall_offset();          // wall_now() - now(), changes only by WallClock
u64 resolution_ns();
}  // namespace time

class WallClock;
namespace wall_clock {
inline constexpr auto set = Rights<WallClock>::bit(0);
}

// Setting the wall clock; everybody may read it.
class WallClock final : public RefCounted {
 public:
  using MintKey = RootKey;
  struct Calls {
    void set(this const Permits<wall_clock::set> auto& self, i64 wall_ns) { self->set(wall_ns); }  // nanoseconds since 1970-01-01 UTC
  };
  WallClock() = default;

 private:
  void set(i64 wall_ns) const;
};

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
