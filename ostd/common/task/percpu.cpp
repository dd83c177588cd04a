// SPDX-License-Identifier: MPL-2.0
// The records of all CPUs, and which CPUs there are and idle.
#include "sched.h"

// detail::cpu_head() takes a PerCpu for its first base.
static_assert(__builtin_offsetof(ostd::common::PerCpu, preempt_count) == __builtin_offsetof(ostd::detail::CpuHead, preempt_count));

[[clang::no_destroy]] constinit ostd::common::PerCpu ostd::common::cpus[kMaxCpus];
constinit ostd::Atomic<ostd::u64> ostd::common::idle_cpus{0};
constinit ostd::Atomic<ostd::u32> ostd::common::cpus_started{1};

ostd::u32 ostd::common::cpu_total() { return cpus_started.load(Order::relaxed); }

void ostd::common::offer_to_idle_cpu() {
  for (u64 idle = idle_cpus.load(Order::relaxed); idle != 0; idle &= idle - 1) {
    const u32 cpu = static_cast<u32>(__builtin_ctzll(idle));
    // acq_rel: one claimer of an idle CPU.
    if (!(idle_cpus.fetch_and(~(1ULL << cpu), Order::acq_rel) >> cpu & 1)) continue;
    request(cpu, kResched);
    return;
  }
}
