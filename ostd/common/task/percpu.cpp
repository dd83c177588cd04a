// SPDX-License-Identifier: MPL-2.0
// The records of all CPUs, and which CPUs there are and idle.
#include "sched.h"

// detail::cpu_head() takes a PerCpu for its first base.
static_assert(__builtin_offsetof(ostd::common::PerCpu, preempt_count) == __builtin_offsetof(ostd::detail::CpuHead, preempt_count));

[[clang::no_destroy]] constinit ostd::common::PerCpu ostd::common::cpus[kMaxCpus];
constinit ostd::Atomic<ostd::u64> ostd::common::idle_cpus{0};
constinit ostd::Atomic<ostd::u32> ostd::common::cpus_started{1};

ostd::u32 ostd::common::cpu_total() { return cpus_started.load(Order::relaxed); }

auto ostd::cpu::times(CpuId cpu) -> Times {
  const u32 index = static_cast<u32>(cpu);
  if (index >= common::cpu_total()) return {};
  const common::PerCpu& c = common::cpus[index];
  for (;;) {
    // acquire: what follows is not older than the stamp; when it has moved meanwhile the counters belong to different times.
    const u64 stamp = c.stamp_ns.load(Order::acquire);
    u64 user = c.user_ns.load(Order::acquire), nice = c.nice_ns.load(Order::acquire), idle = c.idle.system_ns.load(Order::acquire);
    const bool idles = c.rcu_idle.load(Order::acquire) != 0, in_user = c.in_user.load(Order::acquire);
    const u64 now = target::clock_ns();
    if (c.stamp_ns.load(Order::acquire) != stamp) continue;
    const u64 known = stamp - c.start_ns;
    // Torn between stamp and counter (the stamp is stored last): look again.
    if (user + nice + idle > known) continue;
    u64 system = known - user - nice - idle;
    (idles ? idle : in_user ? user : system) += now > stamp ? now - stamp : 0;
    const auto span = [](u64 ns) { return Duration::nanos(static_cast<i64>(ns)); };
    return {span(user), span(nice), span(system), span(idle), c.switches.load(Order::relaxed)};
  }
}

auto ostd::cpu::cpuid(u32 leaf, u32 subleaf) -> CpuidRegs {
  CpuidRegs r{};
  // SAFETY: reads what the processor says of itself, changes nothing but its outputs.
  asm volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(subleaf));
  return r;
}

void ostd::common::offer_to_idle_cpu() {
  for (u64 idle = idle_cpus.load(Order::relaxed); idle != 0; idle &= idle - 1) {
    const u32 cpu = static_cast<u32>(__builtin_ctzll(idle));
    // acq_rel: one claimer of an idle CPU.
    if (!(idle_cpus.fetch_and(~(1ULL << cpu), Order::acq_rel) >> cpu & 1)) continue;
    request(cpu, kResched);
    return;
  }
}
