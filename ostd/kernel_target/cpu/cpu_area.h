// SPDX-License-Identifier: MPL-2.0
// What one processor keeps for itself: EntryArea, at which GS base points in OS code, is what the entry code and the processor need
// while user mode's page tables are loaded, and all of it that user mode maps when it is isolated (mem/paging.h); CpuArea is the
// rest. Written by their own CPU only, except the members that are atomics.
#pragma once
#include <base/atomic.h>
#include <cpu/offsets.h>
#include <mem/pcids.h>
#include <ostd/cpu.h>
#include <ostd/target/cpu.h>
#include <ostd/user.h>

namespace ostd::target {

// [sdm3 8.7]
struct [[gnu::packed]] Tss {
  u32 reserved0 = 0;
  u64 rsp[3]{};
  u64 reserved1 = 0;
  u64 ist[7]{};
  u64 reserved2 = 0;
  u16 reserved3 = 0;
  u16 io_map_base = sizeof(Tss);  // beyond the limit: no port is allowed to users
};
static_assert(sizeof(Tss) == 104);

struct CpuArea;
struct alignas(512) EntryArea {
  CpuArea* area = nullptr;
  u32 index = 0;
  u8 fpu_live = 0;  // the FPU registers hold state of fpu_owner that its context does not have
  u8 refill_returns = 0;  // Mitigations::refill_returns, next to fpu_live, so that a switch looks at both at once
  u8 padding0[2]{};
  common::PerCpu* per_cpu = nullptr;
  u64 regs_top = 0;    // end of the general registers in the running UserContext
  u64 scratch = 0;     // one register while the entry code has none free
  u64 trap_error = 0;  // error code of the last exception from user mode
  u64 task_stack = 0;  // of the task that runs user code, as enter_user left it
  u32 exit_value = 0;  // IA32_SPEC_CTRL of user mode, where entry writes that register
  Tss tss;
  u32 padding2 = 0;
  u64 gdt[8]{};
  u64 kernel_cr3 = 0;  // isolated: what entry and exit load
  u64 user_cr3 = 0;
  u32 entry_msr = 0, entry_value = 0;  // what entry writes against predictions of user mode, see Mitigations
  u64 trap_stack[32]{};  // traps from user mode begin here, TSS.RSP0 is its end
};
static_assert(offsetof(EntryArea, index) == kCpuAreaIndex && offsetof(EntryArea, per_cpu) == kCpuAreaPerCpu);
static_assert(offsetof(EntryArea, refill_returns) == kCpuAreaFpuLive + 1);
static_assert(offsetof(EntryArea, fpu_live) == kCpuAreaFpuLive && kCpuAreaFpuLive == CPU_FPU_LIVE);
static_assert(offsetof(EntryArea, regs_top) == CPU_REGS_TOP && offsetof(EntryArea, scratch) == CPU_SCRATCH);
static_assert(offsetof(EntryArea, trap_error) == CPU_TRAP_ERROR && offsetof(EntryArea, task_stack) == CPU_TASK_STACK);
static_assert(offsetof(EntryArea, tss) + offsetof(Tss, rsp) == CPU_TSS_RSP0);
static_assert(offsetof(EntryArea, kernel_cr3) == CPU_KERNEL_CR3 && offsetof(EntryArea, user_cr3) == CPU_USER_CR3);
static_assert(offsetof(EntryArea, entry_msr) == CPU_ENTRY_MSR && offsetof(EntryArea, entry_value) == CPU_ENTRY_VALUE);
static_assert(offsetof(EntryArea, exit_value) == CPU_EXIT_VALUE);
static_assert(sizeof(EntryArea) == 512 && sizeof(EntryArea) * kMaxCpus % kPageSize == 0);

struct alignas(64) CpuArea {
  u32 index = 0;
  u32 apic_id = 0;
  EntryArea* entry = nullptr;
  u32 spec_control = 0;        // IA32_SPEC_CTRL of user mode, and what of it is the OS's
  u32 spec_base = 0;
  u64 timer_deadline = ~0ULL;  // what the timer is armed for, nanoseconds; ~0: off
  // ---- user state (user/)
  UserContext::Impl* fpu_owner = nullptr;  // whose FPU state the registers hold, if its fpu_cpu is this CPU
  // ---- address spaces (mem/tlb.h)
  u64 trust_domain = 0;                    // of the user code that ran here last
  AddressSpaceData* space = nullptr;       // loaded in CR3; its `cpus` has our bit; null: the kernel's own table
  u64 space_id = 0;
  u64 space_generation = 0;                // flushes up to this one have been done here
  Pcids pcids;
  Atomic<u32> lazy{0};                     // idle: looks at the generation before user mode instead of being told
  Atomic<u64> flush_requests{0};           // bit i: CPU i wants a flush, see its FlushRequest
};

extern CpuArea cpu_areas[kMaxCpus];
extern EntryArea entry_areas[kMaxCpus];  // whole pages

inline CpuArea& this_area() {
  CpuArea* p;
  // SAFETY: as in <ostd/target/cpu.h>; area is written once before interrupts are first on.
  asm volatile("movq %%gs:0, %0" : "=r"(p));
  return *p;
}
inline bool fpu_live() {
  u8 v;
  asm volatile("movb %%gs:%c1, %0" : "=q"(v) : "i"(kCpuAreaFpuLive));  // SAFETY: as above
  return v != 0;
}

}  // namespace ostd::target
