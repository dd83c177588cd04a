// SPDX-License-Identifier: MPL-2.0
// CpuArea: what one processor keeps for itself; GS base points at it in OS code. Written by its own CPU only, except the
// members that are atomics. The TSS is part of it, so that the syscall entry finds the kernel stack with one gs: load.
#pragma once
#include <base/atomic.h>
#include <cpu/offsets.h>
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

struct alignas(512) CpuArea {
  CpuArea* self = nullptr;
  u32 index = 0;
  u8 fpu_live = 0;  // the FPU registers hold state of fpu_owner that its context does not have
  u8 refill_returns = 0;  // Mitigations::refill_returns, next to fpu_live, so that a switch looks at both at once
  u8 padding0[2]{};
  common::PerCpu* per_cpu = nullptr;
  u64 regs_top = 0;    // end of the general registers in the running UserContext
  u64 scratch = 0;     // one register while the entry code has none free
  u64 trap_error = 0;  // error code of the last exception from user mode
  u64 padding1 = 0;
  u32 padding2 = 0;
  Tss tss;
  u32 padding3 = 0;
  u64 gdt[8]{};
  u32 apic_id = 0;
  u64 timer_deadline = ~0ULL;  // what the timer is armed for, nanoseconds; ~0: off
  // ---- user state (user/)
  UserContext::Impl* fpu_owner = nullptr;  // whose FPU state the registers hold, if its fpu_cpu is this CPU
  // ---- address spaces (mem/tlb.h)
  u64 trust_domain = 0;                    // of the user code that ran here last
  AddressSpaceData* space = nullptr;       // loaded in CR3; its `cpus` has our bit; null: the kernel's own table
  u64 space_id = 0;
  u64 space_generation = 0;                // flushes up to this one have been done here
  struct PcidSlot { u64 id = 0, generation = 0; };
  PcidSlot pcids[8]{};                     // what the entries tagged with PCID index + 1 belong to
  u32 next_pcid = 0;
  Atomic<u32> lazy{0};                     // idle: looks at the generation before user mode instead of being told
  Atomic<u64> flush_requests{0};           // bit i: CPU i wants a flush, see its FlushRequest
};
static_assert(offsetof(CpuArea, index) == kCpuAreaIndex && offsetof(CpuArea, per_cpu) == kCpuAreaPerCpu);
static_assert(offsetof(CpuArea, refill_returns) == kCpuAreaFpuLive + 1);
static_assert(offsetof(CpuArea, fpu_live) == kCpuAreaFpuLive && kCpuAreaFpuLive == CPU_FPU_LIVE);
static_assert(offsetof(CpuArea, regs_top) == CPU_REGS_TOP && offsetof(CpuArea, scratch) == CPU_SCRATCH);
static_assert(offsetof(CpuArea, trap_error) == CPU_TRAP_ERROR);
static_assert(offsetof(CpuArea, tss) + offsetof(Tss, rsp) == CPU_TSS_RSP0);

extern CpuArea cpu_areas[kMaxCpus];

inline CpuArea& this_area() {
  CpuArea* p;
  // SAFETY: as in <ostd/target/cpu.h>; self is written once before interrupts are first on.
  asm volatile("movq %%gs:0, %0" : "=r"(p));
  return *p;
}

}  // namespace ostd::target
