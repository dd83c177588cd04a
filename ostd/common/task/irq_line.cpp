// SPDX-License-Identifier: MPL-2.0
// Which callback an interrupt line has. The target raises lines (common::irq_raised) and masks them (target::irq_mask).
// A callback is entered under the line's lock, so a destructor that takes the lock afterwards finds it at rest.
#include "sched.h"
#include <ostd/irq.h>

namespace {
using namespace ostd;
using namespace ostd::common;

struct Line {
  target::RawSpin lock{};  // interrupts off
  Fn<void()> callback{};
  Atomic<u64> count{0};
};
[[clang::no_destroy]] constinit Line lines[kIrqLines];
}  // namespace

ostd::Result<ostd::IrqLine> ostd::IrqLine::claim(u32 number, Fn<void()> callback) {
  if (number >= kIrqLines || !callback) return Errc::invalid_argument;
  Line& l = lines[number];
  {
    IrqOff off;
    l.lock.lock();
    const bool taken = static_cast<bool>(l.callback);
    if (!taken) l.callback = std::move(callback);
    l.lock.unlock();
    if (taken) return Errc::busy;
  }
  target::irq_mask(number, false);
  return IrqLine(number);
}

ostd::IrqLine::IrqLine(IrqLine&& o) noexcept : number_(std::exchange(o.number_, ~0U)) {}

ostd::IrqLine::~IrqLine() {
  if (number_ == ~0U) return;
  target::irq_mask(number_, true);
  Fn<void()> old;
  {
    IrqOff off;
    Line& l = lines[number_];
    l.lock.lock();
    old = std::move(l.callback);
    l.lock.unlock();
  }
}

void ostd::IrqLine::mask() {
  OSTD_CHECK(number_ < kIrqLines && "IrqLine was moved from");
  target::irq_mask(number_, true);
}
void ostd::IrqLine::unmask() {
  OSTD_CHECK(number_ < kIrqLines && "IrqLine was moved from");
  target::irq_mask(number_, false);
}
ostd::u64 ostd::IrqLine::count() const {
  OSTD_CHECK(number_ < kIrqLines && "IrqLine was moved from");
  return lines[number_].count.load(Order::relaxed);
}

void ostd::common::irq_raised(u32 number) {
  OSTD_CHECK(number < kIrqLines);
  InInterrupt inside;
  Line& l = lines[number];
  trace_if_on(trace::Event::irq, number);
  l.count.fetch_add(1, Order::relaxed);
  l.lock.lock();
  // The lock is held while it runs: a destructor waits, and one line's callback never runs twice at a time.
  if (l.callback) l.callback();
  l.lock.unlock();
}
