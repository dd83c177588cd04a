// SPDX-License-Identifier: MPL-2.0
// How fast the TSC and the local APIC timer tick: told by CPUID or the hypervisor, else measured against HPET, ACPI PM timer
// or PIT for a few milliseconds.
#include <acpi/acpi.h>
#include <common/target.h>
#include <cpu/features.h>
#include <irq/lapic.h>
#include <mem/paging.h>
#include <time/clock.h>

namespace ostd::target {

extern "C" char KERNEL_BASE[];

namespace {
constexpr u64 kWindowNs = 5'000'000;

// A counter of known rate. read() gives its value; it wraps at `mask`.
struct Reference {
  u64 (*read)();
  u64 mask;
  u64 ticks_per_second_num, ticks_per_second_den;
  std::string_view name;
};

volatile u32* hpet = nullptr;  // SAFETY: device registers, every access counts
u64 read_hpet() { return hpet[0xf0 / 4]; }  // low half of the main counter
u64 read_pm_timer() { return inl(static_cast<u16>(acpi.pm_timer_port)); }
// PIT channel 2 counts down; its value is latched first [i8254].
u64 read_pit() {
  outb(0x43, 0x80);
  const u32 low = inb(0x42);
  const u32 high = inb(0x42);
  return 0xffff - (high << 8 | low);
}

bool start_hpet(Reference& r) {
  if (acpi.hpet == 0) return false;
  // [hpet 2.3] capabilities at 0: period in femtoseconds in the upper half; configuration at 0x10.
  // SAFETY: map_device maps the block uncached, for ever.
  hpet = reinterpret_cast<volatile u32*>(map_device(acpi.hpet, 0x400, Rights::device));
  const u32 period = hpet[1];
  if (period == 0 || period > 100'000'000) return false;
  hpet[0x10 / 4] = hpet[0x10 / 4] | 1;
  const u64 first = read_hpet();
  for (u32 i = 0; i < 1000 && read_hpet() == first; ++i) cpu_relax();
  if (read_hpet() == first) return false;
  r = {&read_hpet, 0xffffffff, 1'000'000'000'000'000, period, "HPET"};
  return true;
}
bool start_pm_timer(Reference& r) {
  if (acpi.pm_timer_port == 0) return false;
  const u64 first = read_pm_timer();
  for (u32 i = 0; i < 1000 && read_pm_timer() == first; ++i) cpu_relax();
  if (read_pm_timer() == first) return false;
  r = {&read_pm_timer, acpi.pm_timer_32 ? 0xffffffffULL : 0xffffffULL, 3'579'545, 1, "ACPI PM timer"};
  return true;
}
bool start_pit(Reference& r) {
  outb(0x61, static_cast<u8>((inb(0x61) & ~2) | 1));  // gate of channel 2 on, speaker off
  outb(0x43, 0xb0);                                   // channel 2, both bytes, mode 0
  outb(0x42, 0xff);
  outb(0x42, 0xff);
  const u64 first = read_pit();
  for (u32 i = 0; i < 1000 && read_pit() == first; ++i) cpu_relax();
  const u64 now = read_pit();
  if (now == first || now > 0x8000) return false;
  r = {&read_pit, 0xffff, 1'193'182, 1, "PIT"};
  return true;
}

struct Sample { u64 tsc, reference; u32 bus; };
// The three counters at one instant: of several tries the one that took least time.
Sample sample(const Reference& r) {
  Sample best{};
  u64 shortest = ~0ULL;
  for (u32 i = 0; i < 5; ++i) {
    const u64 before = rdtsc();
    const u64 value = r.read();
    const u64 after = rdtsc();
    const u32 bus = lapic_timer_left();
    if (after - before >= shortest) continue;
    shortest = after - before;
    best = {before + (after - before) / 2, value, bus};
  }
  return best;
}

Rates measure(const Reference& r) {
  lapic_timer_calibration_mode();
  lapic_timer_count(0xffffffff);
  const u64 window = multiply_divide(r.ticks_per_second_num / r.ticks_per_second_den, kWindowNs, 1'000'000'000);
  const Sample a = sample(r);
  while (((r.read() - a.reference) & r.mask) < window) cpu_relax();
  const Sample b = sample(r);
  lapic_timer_count(0);
  const u64 ticks = (b.reference - a.reference) & r.mask;
  // nanoseconds * 1000 that passed
  const u64 ps = multiply_divide(ticks * r.ticks_per_second_den, 1'000'000'000'000, r.ticks_per_second_num);
  return {multiply_divide(b.tsc - a.tsc, 1'000'000'000'000, ps), multiply_divide(a.bus - b.bus, 1'000'000'000'000, ps), r.name};
}

// [sdm2 CPUID leaf 15H]; the hypervisors' leaf 0x40000010 has kHz of TSC and bus.
Rates told() {
  Rates r;
  if (features.max_hypervisor_leaf >= 0x40000010) {
    const CpuidResult h = cpuid(0x40000010);
    if (h.a != 0) r = {h.a * 1000ULL, h.b * 1000ULL, "hypervisor"};
  }
  if (r.tsc_hz == 0 && features.max_leaf >= 0x15) {
    const CpuidResult c = cpuid(0x15);
    if (c.a != 0 && c.b != 0 && c.c != 0) r = {multiply_divide(c.c, c.b, c.a), c.c, "CPUID"};
  }
  return r;
}

// KVM's clock page gives the TSC's rate as a multiplier [kvm-msr MSR_KVM_SYSTEM_TIME_NEW].
struct KvmClock { u32 version, pad; u64 tsc, system_time; u32 multiplier; i8 shift; u8 flags, pad2[2]; };
// SAFETY: the hypervisor writes it.
alignas(64) constinit volatile KvmClock kvm_clock{};
u64 kvm_tsc_hz() {
  if (!features.kvm || !(cpuid(0x40000001).a >> 3 & 1)) return 0;
  constexpr u32 kMsr = 0x4b564d01;
  const u64 physical = address_of(&kvm_clock) - address_of(KERNEL_BASE);
  wrmsr(kMsr, physical | 1);
  const u32 multiplier = kvm_clock.multiplier;
  const i32 shift = kvm_clock.shift;
  wrmsr(kMsr, 0);
  if (multiplier == 0) return 0;
  u64 hz = multiply_divide(1'000'000'000, 1ULL << 32, multiplier);
  return shift < 0 ? hz << -shift : hz >> shift;
}
}  // namespace

Rates measure_rates() {
  Rates known = told();
  if (known.tsc_hz == 0)
    if (const u64 hz = kvm_tsc_hz(); hz != 0) known = {hz, 0, "kvmclock"};
  if (known.tsc_hz != 0 && (known.bus_hz != 0 || features.tsc_deadline)) return known;
  // QEMU's and KVM's local APIC timers run at 1 GHz.
  const bool gigahertz = features.tcg || features.kvm;
  if (known.tsc_hz != 0 && gigahertz) return {known.tsc_hz, 1'000'000'000, known.source};
  Reference r;
  if (start_hpet(r) || start_pm_timer(r) || start_pit(r)) {
    const Rates m = measure(r);
    return known.tsc_hz != 0 ? Rates{known.tsc_hz, m.bus_hz, known.source} : m;
  }
  if (gigahertz) {
    // No other clock at all: the local APIC timer is the reference.
    lapic_timer_calibration_mode();
    lapic_timer_count(0xffffffff);
    const u32 bus = lapic_timer_left();
    const u64 tsc = rdtsc();
    while (bus - lapic_timer_left() < kWindowNs) cpu_relax();
    const u64 ns = bus - lapic_timer_left();
    const u64 ticks = rdtsc() - tsc;
    lapic_timer_count(0);
    return {multiply_divide(ticks, 1'000'000'000, ns), 1'000'000'000, "local APIC"};
  }
  panic("no clock of known rate: no HPET, ACPI PM timer or PIT");
}

}  // namespace ostd::target
