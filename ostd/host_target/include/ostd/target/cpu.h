// SPDX-License-Identifier: MPL-2.0
// The inline part of a host CPU: a pthread (vCPU) whose record hangs on a thread-local pointer. Tasks are fibers that move
// between these threads, and compilers cache addresses of thread-locals, so the pointer is read by a volatile instruction.
#pragma once
#include <base/atomic.h>
#include <base/types.h>

namespace ostd::common {
struct PerCpu;
}
namespace ostd::host {
struct Space;
}

namespace ostd::target {

// What inline code needs of a vCPU; the rest is private to the host target (task/vcpu.h).
struct CpuFace {
  common::PerCpu* common = nullptr;
  u32 index = 0;
  bool irqs_on = false;       // touched by its own thread only
  bool arm_later = false;     // its timer was armed in the idle task: nobody watches it once a task runs; its own thread only
  Atomic<u32> pending{0};     // interrupt bits, set by any thread
};

// Symbol of the initial-exec thread-local that holds this thread's CpuFace*.
extern "C" __thread CpuFace* ostd_host_cpu __attribute__((tls_model("local-exec")));

inline CpuFace& cpu_face() {
  CpuFace* p;
  // SAFETY: reads the thread-local word at its link-time offset; every thread that runs OS code has set it first. Volatile, so
  // that it is read anew after each task switch.
  asm volatile("movq %%fs:ostd_host_cpu@tpoff, %0" : "=r"(p));
  return *p;
}

// What common keeps for each CPU: stable only while the task cannot be preempted. Null until set_this_cpu().
inline common::PerCpu* this_cpu() { return cpu_face().common; }
// Whether this thread is a vCPU (other threads of the process must stay out of OS code).
inline bool on_cpu() { return ostd_host_cpu != nullptr && ostd_host_cpu->common != nullptr; }
// common::start and common::cpu_main call it first, each on its CPU.
// release: threads that raise interrupts see the record complete.
inline void set_this_cpu(common::PerCpu* p) { __atomic_store_n(&cpu_face().common, p, __ATOMIC_RELEASE); }
inline u32 current_cpu_index() { return cpu_face().index; }
inline bool irqs_on() { return cpu_face().irqs_on; }
// SAFETY: empty instructions that keep the compiler from moving accesses out of the section.
inline void irq_disable() { cpu_face().irqs_on = false; asm volatile("" ::: "memory"); }
inline void irq_enable() { asm volatile("" ::: "memory"); cpu_face().irqs_on = true; }
// Whether user code may run from copies of its pages; then code_changed() is called when the original of one may be written.
inline constexpr bool kCopiesCode = true;
void code_changed();
inline void cpu_relax() { __builtin_ia32_pause(); }
// Has the timer of this CPU watched by another thread (time/clock.cpp).
void watch_timer();
// User FPU state lives in the stub: nothing to put away before a jump to another fiber. But the idle task leaves its timer to others.
inline void before_switch() { if (cpu_face().arm_later) [[unlikely]] watch_timer(); }

// Part of AddressSpace::Core that belongs to the target.
struct AddressSpaceData {
  host::Space* space = nullptr;  // the stub process and its threads
};

}  // namespace ostd::target
