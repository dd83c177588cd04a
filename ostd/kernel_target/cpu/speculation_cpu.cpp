// SPDX-License-Identifier: MPL-2.0
// Speculation mitigations of the machine we run on: reads CPUID, writes the chosen code and the model-specific registers.
#include <cpu/cpu_area.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <ostd/cpu.h>

namespace ostd::target {

constinit BugSet cpu_bugs{};
constinit Mitigations mitigations{};

extern "C" {
extern const Site speculation_sites_begin[], speculation_sites_end[];
extern const u16 speculation_verw_operand;
}

namespace {
constexpr u32 kMsrSpecCtrl = 0x48, kMsrArchCapabilities = 0x10a;
constexpr u64 kEferAutoIbrs = 1 << 21;
u32 threads_shift = 0;  // APIC IDs of one core differ in that many low bits

Identity identify() {
  Identity id;
  const CpuidResult zero = cpuid(0), one = cpuid(1);
  if (zero.b == 0x756e6547 && zero.d == 0x49656e69 && zero.c == 0x6c65746e) id.vendor = Vendor::intel;  // "GenuineIntel"
  if (zero.b == 0x68747541 && zero.d == 0x69746e65 && zero.c == 0x444d4163) id.vendor = Vendor::amd;    // "AuthenticAMD"
  if (zero.b == 0x6f677948 && zero.d == 0x6e65476e && zero.c == 0x656e6975) id.vendor = Vendor::hygon;  // "HygonGenuine"
  id.family = one.a >> 8 & 15;
  id.model = one.a >> 4 & 15;
  if (id.family == 6 || id.family == 15) id.model |= one.a >> 12 & 0xf0;
  if (id.family == 15) id.family += one.a >> 20 & 0xff;
  id.stepping = one.a & 15;
  id.leaf1_c = one.c;
  if (zero.a >= 7) {
    const CpuidResult seven = cpuid(7);
    id.leaf7_b = seven.b;
    id.leaf7_d = seven.d;
    if (seven.a >= 2) id.leaf7_2_d = cpuid(7, 2).d;
    if (seven.d >> 29 & 1) id.capabilities = rdmsr(kMsrArchCapabilities);
  }
  const u32 extended = cpuid(0x80000000).a;
  if (extended >= 0x80000008) id.extended8_b = cpuid(0x80000008).b;
  if (extended >= 0x80000021) {
    const CpuidResult r = cpuid(0x80000021);
    id.extended21_a = r.a;
    id.extended21_c = r.c;
  }
  return id;
}
}  // namespace

void init_speculation(std::string_view command_line) {
  const Identity id = identify();
  cpu_bugs = bugs_of(id);
  mitigations = choose_mitigations(id, cpu_bugs, command_line);
  if (features.max_leaf >= 0xb) threads_shift = cpuid(0xb).a & 31;
  for (const Site* s = speculation_sites_begin; s != speculation_sites_end; ++s) {
    // SAFETY: the sites are places of that many bytes in the entry code. The boot page tables let them be written, no other CPU
    // runs yet, and the code is not being executed; what is fetched later is what was written [sdm3 8.1.3].
    u8* const at = reinterpret_cast<u8*>(s->address);
    site_code(*s, mitigations, address_of(&speculation_verw_operand), {at, s->size});
  }
  (void)cpuid(0);  // serialises
  init_speculation_cpu();
}

void init_speculation_cpu() {
  this_area().entry->refill_returns = mitigations.refill_returns;
  u32 control = 0;
  EntryArea& entry = *this_area().entry;
  entry.entry_msr = mitigations.barrier_on_entry ? kMsrPredCmd : kMsrSpecCtrl;
  entry.entry_value = 1;  // IBPB or IBRS
  if (mitigations.restrict_branches || mitigations.restrict_on_entry) control |= kSpecIbrs;
  if (mitigations.restrict_history) control |= kSpecBhiDisS;
  // IBRS set at each entry is the OS's own; the rest is user mode's too, with what its program wants.
  this_area().spec_control = this_area().spec_base = entry.exit_value = mitigations.restrict_on_entry ? control & ~kSpecIbrs : control;
  if (!mitigations.barrier_on_entry) entry.entry_value |= control;
  if (control != 0) wrmsr(kMsrSpecCtrl, control);
  if (mitigations.auto_restrict) wrmsr(kMsrEfer, rdmsr(kMsrEfer) | kEferAutoIbrs);
}

void limit_guesses(CpuArea& cpu, u32 wanted) {
  const u32 control = cpu.spec_base | wanted;
  // To and from one that does not want to be taught by others.
  if (((wanted | cpu.spec_control) & ~cpu.spec_base & kSpecStibp) && mitigations.branch_barrier) wrmsr(kMsrPredCmd, 1);
  if (control == cpu.spec_control) return;
  cpu.spec_control = cpu.entry->exit_value = control;
  if (mitigations.restrict_on_entry) cpu.entry->entry_value = control | kSpecIbrs;
  wrmsr(kMsrSpecCtrl, mitigations.restrict_on_entry ? control | kSpecIbrs : control);
}

bool unwanted_sibling(u32 apic_id) { return mitigations.one_thread && (apic_id & ((1U << threads_shift) - 1)) != 0; }

}  // namespace ostd::target

auto ostd::cpu::bugs() -> String {
  String names;
  for (u32 i = 0; i < static_cast<u32>(target::Bug::count); ++i)
    if (const target::Bug b{static_cast<u8>(i)}; target::cpu_bugs.has(b)) {
      names.append(" ");
      names.append(target::bug_name(b));
    }
  return names;
}

auto ostd::cpu::user_isolated() -> bool { return target::mitigations.isolate; }
