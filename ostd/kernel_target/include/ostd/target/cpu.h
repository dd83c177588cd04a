// SPDX-License-Identifier: MPL-2.0
// The inline part of the processor: where this CPU's data is, interrupts on and off, what must happen before a task switch.
// GS base is the EntryArea of this CPU whenever OS code runs; the offsets are checked against it in cpu/cpu_area.h.
#pragma once
#include <base/atomic.h>
#include <base/types.h>

namespace ostd::common {
struct PerCpu;
}

namespace ostd::target {

inline constexpr u32 kCpuAreaIndex = 8;
inline constexpr u32 kCpuAreaFpuLive = 12;
inline constexpr u32 kCpuAreaPerCpu = 16;

// SAFETY: GS base is the EntryArea in OS code (set before the first C++ code of each CPU, swapped at the user
// border); the loads read fields that are fixed or written by this CPU only. volatile: a task may move between two calls.
inline u32 current_cpu_index() {
  u32 v;
  asm volatile("movl %%gs:%c1, %0" : "=r"(v) : "i"(kCpuAreaIndex));
  return v;
}
// SAFETY: as above. What common keeps for each CPU; null until common has called set_this_cpu().
inline common::PerCpu* this_cpu() {
  common::PerCpu* v;
  asm volatile("movq %%gs:%c1, %0" : "=r"(v) : "i"(kCpuAreaPerCpu));
  return v;
}
inline bool on_cpu() { return this_cpu() != nullptr; }
// common::start and common::cpu_main call it first, each on its CPU.
inline void set_this_cpu(common::PerCpu* p) { asm volatile("movq %0, %%gs:%c1" ::"r"(p), "i"(kCpuAreaPerCpu) : "memory"); }

inline bool irqs_on() {
  u64 flags;
  // SAFETY: reads the flags through the stack; kernels have no red zone.
  asm volatile("pushfq; popq %0" : "=r"(flags));
  return (flags & 0x200) != 0;
}
// SAFETY: who switches interrupts off has a right to it by its contract. "memory": what is protected stays inside.
inline void irq_disable() { asm volatile("cli" ::: "memory"); }
inline void irq_enable() { asm volatile("sti" ::: "memory"); }
// Whether user code may run from copies of its pages; then code_changed() is called when the original of one may be written.
inline constexpr bool kCopiesCode = false;
inline void code_changed() {}
inline void cpu_relax() { asm volatile("pause" ::: "memory"); }

// The target's part of AddressSpace::Core.
struct AddressSpaceData {
  u64 id = 0;                      // never reused: names the address space in each CPU's record of what it has loaded
  u64 root = 0;                    // physical address of the top-level table
  Atomic<u64> cpus{0};             // that may hold TLB entries and must be told of changes
  Atomic<u64> flush_generation{1};  // grows with each flush: a CPU that was not told compares it before it enters user mode
  Atomic<u64> trust_domain{0};      // user code of different ones must not steer each other's speculation
};

void save_live_fpu();
void prepare_switch(bool live);
// Called with interrupts off right before every jump to another fiber (and before make_fcontext): puts live user FPU state
// into its context and leaves the FPU in its initial state, which jump_fcontext's fldcw needs.
inline void before_switch() {
  u16 work;  // the second byte: the return stack buffer is to be refilled
  // SAFETY: as above.
  asm volatile("movw %%gs:%c1, %0" : "=r"(work) : "i"(kCpuAreaFpuLive));
  if (work) prepare_switch((work & 0xff) != 0);
}

}  // namespace ostd::target
