// SPDX-License-Identifier: MPL-2.0
// Interrupt lines and deferred work. Interrupt callbacks only acknowledge and queue; the rest is deferred work.
#pragma once
#include <base/annotations.h>
#include <base/fn.h>
#include <base/result.h>

namespace ostd {

// A bottom half: schedule() makes f run once, soon, on the same CPU, with preemption off and interrupts on; no sleeping.
// Scheduling it again before it has run does nothing more. Callable from interrupt callbacks.
class OSTD_SYNC OSTD_OWNED Deferred {
 public:
  explicit Deferred(Fn<void()> f);
  ~Deferred();  // waits until it does not run
  Deferred(const Deferred&) = delete;
  void schedule() const;

 private:
  struct Impl;
  Impl* impl_;
};

// One interrupt of a device; the callback runs with interrupts off. Given out by device enumeration.
class OSTD_OWNED IrqLine {
 public:
  OSTD_ROOT static Result<IrqLine> claim(u32 number, Fn<void()> callback);  // busy: it has an owner; invalid_argument
  IrqLine(IrqLine&& o) noexcept;
  ~IrqLine();
  void mask();
  void unmask();
  u64 count() const;

 private:
  explicit IrqLine(u32 n) : number_(n) {}
  u32 number_ = ~0U;
};

}  // namespace ostd
