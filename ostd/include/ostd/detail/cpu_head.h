// SPDX-License-Identifier: MPL-2.0
// What guards and locks touch inline of the running CPU's record (common::PerCpu begins with it). Private to ostd.
#pragma once
#include <base/atomic.h>
#include <ostd/target/cpu.h>

namespace ostd::detail {

struct CpuHead {
  u32 preempt_count = 0;   // guards and spinlocks held, deferred work and interrupts being handled; a task switch needs 0
  Atomic<u32> pending{0};  // what the CPU has yet to look at (common::Pending)
};

// Right until the next preemption point.
// SAFETY: PerCpu's first base is CpuHead (checked in common/task/percpu.cpp).
inline CpuHead& cpu_head() { return *reinterpret_cast<CpuHead*>(target::this_cpu()); }

// Looks at what is pending; a preemption point. Out of line in common/task/preempt.cpp.
[[gnu::noinline]] void preempt_slow();

// signal_fence: the compiler moves no access across the change of the count (against interrupts of this CPU).
inline void preempt_off() {
  ++cpu_head().preempt_count;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
inline void preempt_on() {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  CpuHead& c = cpu_head();
  if (--c.preempt_count == 0 && c.pending.load(Order::relaxed) != 0) [[unlikely]] preempt_slow();
}

}  // namespace ostd::detail
