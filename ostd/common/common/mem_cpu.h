// SPDX-License-Identifier: MPL-2.0
// CpuCache: the right to this CPU's MemPerCpu for a few instructions without preemption points.
#pragma once
#include <common/mem_percpu.h>
#include <common/percpu.h>
#include <ostd/cpu.h>
#include <ostd/target/cpu.h>
#include <ostd/target/sync.h>

namespace ostd::common {

// Requires: no preemption point until the reference is used for the last time.
inline MemPerCpu& mem_cpu() { return target::this_cpu()->mem; }

void mem_register_cpu(MemPerCpu& m);
// Of a CPU that has used memory; nullptr for others.
MemPerCpu* mem_cpu_at(u32 index);

class CpuCache {
 public:
  CpuCache() {
#if __STDC_HOSTED__
    if (!target::on_cpu()) return;  // another thread of the process gives a heap object back
#endif
    m_ = &mem_cpu();
    mine_ = !m_->busy;
    m_->busy = true;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);  // interrupts of this CPU see busy before any change
  }
  ~CpuCache() {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (mine_) m_->busy = false;
  }
  CpuCache(const CpuCache&) = delete;
  // False: an interrupt came in between the instructions of another CpuCache; only locked paths may be used.
  explicit operator bool() const { return mine_; }
  MemPerCpu* operator->() const { return m_; }
  MemPerCpu& operator*() const { return *m_; }

 private:
  MemPerCpu* m_ = nullptr;
  bool mine_ = false;
};

// A leaf lock of memory management: interrupts are off while it is held, it nests inside every other lock.
class MemLock {
 public:
  explicit MemLock(const target::RawSpin& s) : s_(s) {
#if __STDC_HOSTED__
    if (target::on_cpu())
#endif
      were_on_ = target::irqs_on();
    if (were_on_) target::irq_disable();
    s_.lock();
  }
  ~MemLock() {
    s_.unlock();
    if (were_on_) target::irq_enable();
  }
  MemLock(const MemLock&) = delete;

 private:
  const target::RawSpin& s_;
  bool were_on_ = false;
};

}  // namespace ostd::common
