// SPDX-License-Identifier: MPL-2.0
// Privileged instructions as functions, and addresses of symbols. What makes a port, register or address right is the callers'
// affair; here it only has to be the instruction that the name says.
#pragma once
#include <base/types.h>

namespace ostd::target {

// SAFETY: one instruction, operands as its constraints say.
inline void outb(u16 port, u8 v) { asm volatile("outb %0, %1" ::"a"(v), "Nd"(port)); }
inline void outw(u16 port, u16 v) { asm volatile("outw %0, %1" ::"a"(v), "Nd"(port)); }
inline void outl(u16 port, u32 v) { asm volatile("outl %0, %1" ::"a"(v), "Nd"(port)); }
inline u8 inb(u16 port) { u8 v; asm volatile("inb %1, %0" : "=a"(v) : "Nd"(port)); return v; }
inline u16 inw(u16 port) { u16 v; asm volatile("inw %1, %0" : "=a"(v) : "Nd"(port)); return v; }
inline u32 inl(u16 port) { u32 v; asm volatile("inl %1, %0" : "=a"(v) : "Nd"(port)); return v; }

// SAFETY: as above; the caller names an MSR that exists.
inline u64 rdmsr(u32 msr) {
  u32 a, d;
  asm volatile("rdmsr" : "=a"(a), "=d"(d) : "c"(msr));
  return static_cast<u64>(d) << 32 | a;
}
inline void wrmsr(u32 msr, u64 v) {
  asm volatile("wrmsr" ::"c"(msr), "a"(static_cast<u32>(v)), "d"(static_cast<u32>(v >> 32)) : "memory");
}
// SAFETY: reads only.
inline u64 rdtsc() {
  u32 a, d;
  asm volatile("rdtsc" : "=a"(a), "=d"(d));
  return static_cast<u64>(d) << 32 | a;
}

// SAFETY: as above.
inline u64 read_cr0() { u64 v; asm volatile("mov %%cr0, %0" : "=r"(v)); return v; }
inline u64 read_cr2() { u64 v; asm volatile("mov %%cr2, %0" : "=r"(v)); return v; }
inline u64 read_cr3() { u64 v; asm volatile("mov %%cr3, %0" : "=r"(v)); return v; }
inline u64 read_cr4() { u64 v; asm volatile("mov %%cr4, %0" : "=r"(v)); return v; }
// SAFETY: as above. "memory": nothing moves across a change of what addresses mean.
inline void write_cr0(u64 v) { asm volatile("mov %0, %%cr0" ::"r"(v) : "memory"); }
inline void write_cr3(u64 v) { asm volatile("mov %0, %%cr3" ::"r"(v) : "memory"); }
inline void write_cr4(u64 v) { asm volatile("mov %0, %%cr4" ::"r"(v) : "memory"); }
inline void invlpg(u64 address) { asm volatile("invlpg (%0)" ::"r"(address) : "memory"); }
// SAFETY: as above; bits that CPUID reports.
inline void xsetbv(u32 index, u64 v) {
  asm volatile("xsetbv" ::"c"(index), "a"(static_cast<u32>(v)), "d"(static_cast<u32>(v >> 32)));
}

struct CpuidResult { u32 a, b, c, d; };
inline CpuidResult cpuid(u32 leaf, u32 subleaf = 0) {
  CpuidResult r;
  // SAFETY: reads only.
  asm volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(subleaf));
  return r;
}

// SAFETY: stops this CPU for ever: nothing it would have done happens.
[[noreturn]] inline void stop_here() {
  for (;;) asm volatile("cli; hlt");
}
// SAFETY: the initial FPU state; whoever has live state there saves it first.
inline void reset_fpu_registers() {
  const u32 mxcsr = 0x1f80;
  asm volatile("fninit; ldmxcsr %0" ::"m"(mxcsr));
}
// SAFETY: only makes earlier writes visible before later ones.
inline void memory_fence() { asm volatile("mfence; lfence" ::: "memory"); }

// SAFETY: an address as a number is harmless; whoever makes a pointer of it again says why it may.
template <class T>
u64 address_of(T* p) { return reinterpret_cast<u64>(p); }

// Model-specific registers [sdm4 2.1].
inline constexpr u32 kMsrApicBase = 0x1b, kMsrPredCmd = 0x49, kMsrTscDeadline = 0x6e0, kMsrX2Apic = 0x800, kMsrEfer = 0xc0000080, kMsrStar = 0xc0000081,
                     kMsrLstar = 0xc0000082, kMsrSfmask = 0xc0000084, kMsrFsBase = 0xc0000100, kMsrGsBase = 0xc0000101,
                     kMsrKernelGsBase = 0xc0000102;

}  // namespace ostd::target
