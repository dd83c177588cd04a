// SPDX-License-Identifier: MPL-2.0
// Small things that several contract tests use.
#pragma once
#include "contract.h"
#include <common/task_core.h>
#include <ostd/cpu.h>
#include <ostd/time.h>

namespace contract {

// Gives way until the condition holds; a condition that never comes true hangs the case, and the run's time limit reports it.
template <class F>
void until(F condition) {
  while (!condition()) ostd::task::yield();
}

// Waits until the task sleeps (or has ended): it has left its CPU and is in no run queue.
inline void until_asleep(const ostd::Task& t) {
  until([&] { return t.ended() || (!t.running() && t.core().state.load() == ostd::common::kParked); });
}

// Keeps the running task on one CPU in a scope.
class OnCpu {
 public:
  explicit OnCpu(ostd::u32 cpu) {
    ostd::task::current()->set_affinity(ostd::CpuSet::only(ostd::CpuId{cpu}));
    until([cpu] { return ostd::cpu::current() == ostd::CpuId{cpu}; });
  }
  ~OnCpu() { ostd::task::current()->set_affinity(ostd::CpuSet::all()); }
  OnCpu(const OnCpu&) = delete;
};

// Runs f(i) in n tasks, spread over the CPUs, and waits for all.
template <class F>
void in_parallel(ostd::u32 n, F f) {
  constexpr ostd::u32 kMost = 16;
  OSTD_CHECK(n <= kMost);
  ostd::Opt<ostd::Ref<ostd::Task>> tasks[kMost];
  for (ostd::u32 i = 0; i < n; ++i)
    tasks[i] = go([&f, i] { f(i); }, {.name = "parallel", .affinity = ostd::CpuSet::only(ostd::CpuId{i % ostd::cpu::count()})});
  for (ostd::u32 i = 0; i < n; ++i) (void)(*tasks[i])->join();
}

}  // namespace contract
