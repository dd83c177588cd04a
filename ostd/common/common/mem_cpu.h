// SPDX-License-Identifier: MPL-2.0
// CpuCache: the right to this CPU's MemPerCpu for a few instructions without preemption points.
#pragma once
#include <common/leaf_lock.h>
#include <common/mem_percpu.h>
#include <common/percpu.h>
#include <ostd/cpu.h>
#include <ostd/target/cpu.h>
#include <ostd/target/sync.h>

namespace ostd::common {

// Requires: no preemption point until the reference is used for the last time.
inline MemPerCpu& mem_cpu() { return target::this_cpu()->mem; }
// Who pays on this CPU now: the running task; in interrupts and deferred work, the CPU's idle task.
inline TaskMemory& payer(PerCpu& c) { return c.in_deferred || c.irq_nesting != 0 ? c.idle.memory : c.current->memory; }

// CPUs make themselves known before they keep anything that others look for.
void mem_register_cpu(MemPerCpu& m);
extern constinit MemPerCpu* g_mem_cpus[kMaxCpus];  // null: not (yet) there
extern constinit Atomic<u32> g_mem_cpus_end;       // the highest index there is plus one
template <class F>
void each_mem_cpu(F&& f) {
  // seq_cst: whoever registers and then does something that the caller must see, is seen (wait_for_walkers).
  const u32 end = g_mem_cpus_end.load(Order::seq_cst);
  for (u32 i = 0; i != end; ++i)
    if (MemPerCpu* m = __atomic_load_n(&g_mem_cpus[i], __ATOMIC_ACQUIRE)) f(*m);
}

class CpuCache {
 public:
  CpuCache() {
#if __STDC_HOSTED__
    if (!target::on_cpu()) return;  // another thread of the process gives a heap object back
#endif
    PerCpu* c = target::this_cpu();
    if (c->mem.busy) [[unlikely]] return;
    c->mem.busy = true;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);  // interrupts of this CPU see busy before any change
    cpu_ = c;
  }
  ~CpuCache() {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (cpu_) [[likely]] cpu_->mem.busy = false;
  }
  CpuCache(const CpuCache&) = delete;
  // Null: an interrupt came in between the instructions of another CpuCache; only locked paths may be used.
  PerCpu* cpu() const { return cpu_; }
  explicit operator bool() const { return cpu_ != nullptr; }
  MemPerCpu* operator->() const { return &cpu_->mem; }
  MemPerCpu& operator*() const { return cpu_->mem; }

 private:
  PerCpu* cpu_ = nullptr;
};

}  // namespace ostd::common
