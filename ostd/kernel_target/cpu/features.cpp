// SPDX-License-Identifier: MPL-2.0
// CPUID decoding and control registers. [sdm2 CPUID] [sdm3 2.5]
#include <cpu/cpu_area.h>
#include <cpu/features.h>
#include <cpu/instructions.h>

namespace ostd::target {

constinit Features features{};
extern "C" char syscall_entry[];

namespace {
FpuPart parts[8];
constexpr bool bit(u32 v, u32 n) { return (v >> n & 1) != 0; }

void detect_xsave() {
  features.xsave_size = 576;
  if (!features.xsave) return;
  const CpuidResult user = cpuid(0xd, 0);
  const u64 supported = static_cast<u64>(user.d) << 32 | user.a;
  u64 wanted = 0x3;  // x87 and SSE
  if (features.avx && (supported & 4)) wanted |= 4;
  if ((wanted & 4) && (supported & 0xe0) == 0xe0) wanted |= 0xe0;  // the three AVX-512 states go together [sdm1 13.3]
  features.xcr0 = supported & wanted;
  features.xsaveopt = bit(cpuid(0xd, 1).a, 0);
  u32 size = 576;
  for (u32 i = 2; i < 8; ++i)
    if (features.xcr0 >> i & 1) {
      const CpuidResult r = cpuid(0xd, i);  // a: size, b: offset in the standard format
      parts[i] = {r.b, r.a};
      if (r.a + r.b > size) size = r.a + r.b;
    }
  features.xsave_size = size;
}

void detect_hypervisor() {
  if (!features.hypervisor) return;
  const CpuidResult h = cpuid(0x40000000);
  features.max_hypervisor_leaf = h.a;
  features.kvm = h.b == 0x4b4d564b && h.c == 0x564b4d56 && h.d == 0x4d;          // "KVMKVMKVM"
  features.tcg = h.b == 0x54474354 && h.c == 0x43544743 && h.d == 0x47435447;    // "TCGTCGTCGTCG"
}
}  // namespace

void detect_features() {
  Features& f = features;
  f.max_leaf = cpuid(0).a;
  const CpuidResult one = cpuid(1);
  const CpuidResult seven = f.max_leaf >= 7 ? cpuid(7) : CpuidResult{};
  const u32 max_extended = cpuid(0x80000000).a;
  const CpuidResult extended = cpuid(0x80000001);
  f.boot_apic_id = one.b >> 24;
  f.pcid = bit(one.c, 17);
  f.x2apic = bit(one.c, 21);
  f.tsc_deadline = bit(one.c, 24);
  f.xsave = bit(one.c, 26);
  f.avx = bit(one.c, 28);
  f.rdrand = bit(one.c, 30);
  f.hypervisor = bit(one.c, 31);
  f.mce = bit(one.d, 7);
  f.pge = bit(one.d, 13);
  f.fsgsbase = bit(seven.b, 0);
  f.smep = bit(seven.b, 7);
  f.erms = bit(seven.b, 9);
  f.invpcid = bit(seven.b, 10);
  f.rdseed = bit(seven.b, 18);
  f.smap = bit(seven.b, 20);
  f.umip = bit(seven.c, 2);
  f.syscall = bit(extended.d, 11);
  f.nx = bit(extended.d, 20);
  f.gigabyte_pages = bit(extended.d, 26);
  f.rdtscp = bit(extended.d, 27);
  f.invariant_tsc = max_extended >= 0x80000007 && bit(cpuid(0x80000007).d, 8);
  f.physical_bits = max_extended >= 0x80000008 ? static_cast<u8>(cpuid(0x80000008).a) : u8{36};
  if (f.physical_bits > 52) f.physical_bits = 52;
  detect_xsave();
  detect_hypervisor();
}

FpuPart fpu_part(u32 component) { return parts[component & 7]; }

void init_control_registers() {
  const Features& f = features;
  // SAFETY: only features that CPUID reports are switched on; the page tables in use fit all of them.
  // CR0: PE MP ET NE WP AM PG; EM and TS clear, so that FPU instructions work in user mode and in jump_fcontext.
  write_cr0(0x8005'0033);
  u64 cr4 = 1 << 5 | 1 << 9 | 1 << 10;  // PAE OSFXSR OSXMMEXCPT
  if (f.mce) cr4 |= 1 << 6;
  if (f.pge) cr4 |= 1 << 7;
  if (f.umip) cr4 |= 1 << 11;
  if (f.fsgsbase) cr4 |= 1 << 16;
  if (f.pcid) cr4 |= 1 << 17;  // CR3's low bits are 0 here, as PCIDE asks
  if (f.xsave) cr4 |= 1 << 18;
  if (f.smep) cr4 |= 1 << 20;
  if (f.smap) cr4 |= 1 << 21;
  write_cr4(cr4);
  if (f.xsave) xsetbv(0, f.xcr0);
  wrmsr(kMsrEfer, rdmsr(kMsrEfer) | 1 | (f.nx ? 1 << 11 : 0));  // SCE, NXE
  // sysret takes CS from STAR[63:48]+16 and SS from +8 [sdm2 SYSRET].
  wrmsr(kMsrStar, static_cast<u64>(SEL_KERNEL_DATA + 8 + 3) << 48 | static_cast<u64>(SEL_KERNEL_CODE) << 32);
  wrmsr(kMsrLstar, address_of(syscall_entry));
  // Cleared by syscall: TF IF DF IOPL NT AC.
  wrmsr(kMsrSfmask, 0x47700);
  reset_fpu_registers();
}

}  // namespace ostd::target
