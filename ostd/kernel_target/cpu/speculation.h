// SPDX-License-Identifier: MPL-2.0
// What processors give away when they run ahead of their program, which of it concerns the one we run on, and what is done
// about it. The first half is pure and tested on descriptions of processors; docs/mitigations.md has the whole picture.
#pragma once
#include <base/types.h>
#include <span>
#include <string_view>

namespace ostd::target {

// In the order in which Linux prints them.
enum class Bug : u8 {
  fxsave_leak, sysret_ss_attrs, null_seg, swapgs_fence, amd_e400, cpu_meltdown, spectre_v1, spectre_v2, spec_store_bypass, l1tf, mds, msbds_only,
  swapgs, taa, itlb_multihit, srbds, mmio_stale_data, mmio_unknown, retbleed, eibrs_pbrsb, smt_rsb, gds, srso, div0, rfds, bhi, its,
  its_native_only, tsa, count
};
std::string_view bug_name(Bug b);

struct BugSet {
  u32 bits = 0;
  constexpr bool has(Bug b) const { return bits >> static_cast<u32>(b) & 1; }
  constexpr void add(Bug b) { bits |= 1U << static_cast<u32>(b); }
  constexpr bool operator==(const BugSet&) const = default;
};

enum class Vendor : u8 { other, intel, amd, hygon };

// The words of CPUID and the register that say how the processor speculates. [sdm2 CPUID] [sdm4 2.1]
struct Identity {
  Vendor vendor = Vendor::other;
  u32 family = 0, model = 0, stepping = 0;
  u32 leaf1_c = 0;           // AVX, RDRAND
  u32 leaf7_b = 0, leaf7_d = 0, leaf7_2_d = 0;
  u32 extended8_b = 0;       // 0x80000008
  u32 extended21_a = 0, extended21_c = 0;  // 0x80000021
  u64 capabilities = 0;      // IA32_ARCH_CAPABILITIES, 0 where there is none
};

BugSet bugs_of(const Identity& id);

enum class Branches : u8 { plain, retpoline };  // how indirect branches are made
struct Mitigations {
  Branches branches = Branches::plain;
  bool restrict_branches = false;  // IA32_SPEC_CTRL.IBRS set for ever: the processor keeps user mode's predictions out of the OS
  bool auto_restrict = false;      // the same by EFER.AIBRSE on AMD's
  bool restrict_history = false;   // IA32_SPEC_CTRL.BHI_DIS_S
  bool restrict_on_entry = false;  // IA32_SPEC_CTRL.IBRS set at each entry and cleared at each exit: processors without eIBRS
  bool barrier_on_entry = false;   // IBPB at each entry: AMD's returns, which we have no thunks for
  bool clear_history = false;      // taken branches at the entry of system calls, where there is no BHI_DIS_S
  bool clear_divider = false;      // a division before user mode
  bool clear_fpu_pointers = false; // before FXRSTOR, which leaves them to the next program
  u32 limits = 0;                  // kSpec bits that programs may ask for
  bool refill_returns = false;     // the return stack buffer, at each switch of tasks
  bool branch_barrier = false;     // IBPB when user code of another trust domain is next
  bool clear_buffers = false;      // VERW before user mode and before the CPU sleeps
  bool swapgs_fence = false;       // LFENCE where a wrong guess about swapgs would be followed
  bool isolate = false;            // user mode has page tables of its own (mem/paging.h)
  bool one_thread = false;         // CPUs that share a core with another one are not started
  bool operator==(const Mitigations&) const = default;
};
// command_line: `mitigations=` auto (as if nothing were said), auto,nosmt or off; `pti=` on, off or auto, `nopti`;
// `retbleed=off`, `spec_rstack_overflow=off`; the last of each counts.
Mitigations choose_mitigations(const Identity& id, BugSet bugs, std::string_view command_line);

// Of IA32_SPEC_CTRL.
inline constexpr u32 kSpecIbrs = 1 << 0, kSpecStibp = 1 << 1, kSpecSsbd = 1 << 2, kSpecBhiDisS = 1 << 10;

// Words that replace parts of the entry code; kinds and lengths are those of SPECULATION_SITE in trap/sites.h.
inline constexpr u8 kSiteVerw = 1, kSiteFence = 2, kSiteBranch = 3;
// Detours of the ways in and out: to load CR3, to write an MSR at entry and at exit, to clear history, to divide.
inline constexpr u8 kDetourTable = 4, kDetourEntry = 5, kDetourExit = 6, kDetourHistory = 7, kDetourDivide = 8;
struct Site {
  u64 address;
  u32 kind;
  u32 size;
  u64 to = 0;  // of a detour
};
// The bytes for a site under these mitigations, or none where it stays as it is; to.size() is the site's. verw_operand: where VERW finds its selector.
void site_code(const Site& s, const Mitigations& m, u64 verw_operand, std::span<u8> to);

// ---- this machine
extern BugSet cpu_bugs;
extern Mitigations mitigations;
// Reads the processor, chooses, and writes the sites: on the boot CPU, while the image is still writable and alone.
void init_speculation(std::string_view command_line);
// The model-specific registers of the calling CPU.
void init_speculation_cpu();
struct CpuArea;
// A context comes to user mode on this CPU whose program wants these of Mitigations::limits. Interrupts off.
void limit_guesses(CpuArea& cpu, u32 wanted);
// Whether that CPU shares a core with one of a lower number and is not to be started.
bool unwanted_sibling(u32 apic_id);

}  // namespace ostd::target
