// SPDX-License-Identifier: MPL-2.0
// What the processor can do, read once on the boot CPU; all CPUs of a machine are taken to be alike.
#pragma once
#include <base/types.h>

namespace ostd::target {

struct Features {
  bool nx, gigabyte_pages, smep, smap, umip, fsgsbase, pcid, invpcid, x2apic, tsc_deadline, invariant_tsc, xsave, xsaveopt, avx, avx512,
      rdrand, rdseed, hypervisor, mce, rdtscp, pge, syscall, erms;
  u8 physical_bits;
  u32 boot_apic_id;
  u64 xcr0;        // what user code may use; 0 without XSAVE
  u32 xsave_size;  // bytes of an image in the standard format; 576 without XSAVE
  u32 max_leaf, max_hypervisor_leaf;
  bool kvm, tcg;   // by the hypervisor's signature
};
extern Features features;

// Where one state component lies in an XSAVE image (2..7).
struct FpuPart { u32 offset, size; };
FpuPart fpu_part(u32 component);

// Fills `features`. Boot CPU, once, before all that follows.
void detect_features();
// Control registers, EFER and the syscall registers of the calling CPU. NX and WP work afterwards.
void init_control_registers();

}  // namespace ostd::target
