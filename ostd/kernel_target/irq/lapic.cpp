// SPDX-License-Identifier: MPL-2.0
// Local APIC registers. Offsets are those of the memory interface; x2APIC MSRs are 0x800 + offset / 16.
#include <acpi/acpi.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <irq/lapic.h>
#include <mem/paging.h>
#include <ostd/target/cpu.h>
#include <trap/trap.h>

namespace ostd::target {

namespace {
constexpr u32 kId = 0x20, kVersion = 0x30, kTaskPriority = 0x80, kEoi = 0xb0, kSpurious = 0xf0, kError = 0x280, kCommand = 0x300,
              kCommandHigh = 0x310, kLvtTimer = 0x320, kLvtThermal = 0x330, kLvtPerf = 0x340, kLvtLint0 = 0x350, kLvtLint1 = 0x360,
              kLvtError = 0x370, kTimerInitial = 0x380, kTimerCurrent = 0x390, kTimerDivide = 0x3e0;
constexpr u32 kMasked = 1 << 16;
// SAFETY: device registers: every access counts.
volatile u32* registers = nullptr;  // null: x2APIC

void write(u32 offset, u32 v) {
  // SAFETY: registers maps the APIC's page uncached; MSRs of x2APIC mode exist when it was switched on.
  if (registers) registers[offset / 4] = v;
  else wrmsr(kMsrX2Apic + offset / 16, v);
}
u32 read(u32 offset) {
  if (registers) return registers[offset / 4];
  return static_cast<u32>(rdmsr(kMsrX2Apic + offset / 16));
}
}  // namespace

void init_lapic() {
  // SAFETY: map_device maps the page uncached, for ever.
  if (!features.x2apic) registers = reinterpret_cast<volatile u32*>(map_device(page_down(acpi.local_apic), kPageSize, Rights::device));
  init_lapic_cpu();
}

void init_lapic_cpu() {
  const u64 base = rdmsr(kMsrApicBase);
  // Bit 11 on, bit 10 x2APIC. Going from off to x2APIC needs xAPIC in between [sdm3 11.12.5].
  if (!(base & 1 << 11)) wrmsr(kMsrApicBase, base | 1 << 11);
  if (features.x2apic) wrmsr(kMsrApicBase, base | 3 << 10);
  write(kTaskPriority, 0);
  const u32 entries = read(kVersion) >> 16 & 0xff;  // number of LVT entries less one
  write(kLvtTimer, kMasked);
  write(kLvtLint0, kMasked);
  write(kLvtLint1, 4 << 8);  // NMI
  write(kLvtError, kMasked);
  if (entries >= 4) write(kLvtPerf, kMasked);
  if (entries >= 5) write(kLvtThermal, kMasked);
  write(kSpurious, 1 << 8 | kVectorSpurious);
  write(kError, 0);
  write(kEoi, 0);
}

u32 lapic_id() { return registers ? read(kId) >> 24 : read(kId); }
void end_of_interrupt() { write(kEoi, 0); }

void send_lapic_ipi(u32 apic_id, Ipi kind, u8 vector) {
  u32 low = vector | 1 << 14;  // assert
  switch (kind) {
    case Ipi::fixed: break;
    case Ipi::nmi: low |= 4 << 8; break;
    case Ipi::init: low |= 5 << 8; break;
    case Ipi::startup: low |= 6 << 8; break;
  }
  if (!registers) {
    // x2APIC writes are not serialising: what the other CPU shall see is made visible first [sdm3 11.12.3].
    memory_fence();
    wrmsr(kMsrX2Apic + kCommand / 16, static_cast<u64>(apic_id) << 32 | low);
    return;
  }
  write(kCommandHigh, apic_id << 24);
  write(kCommand, low);
  while (read(kCommand) & 1 << 12) cpu_relax();  // delivery pending
}

void lapic_timer_init_cpu() {
  write(kTimerInitial, 0);
  write(kTimerDivide, 0xb);  // by 1
  write(kLvtTimer, kVectorTimer | (features.tsc_deadline ? 2U << 17 : 0));
  // The mode must be in effect before the deadline MSR is written [sdm3 11.5.4.1].
  if (features.tsc_deadline) memory_fence();
}
void lapic_timer_calibration_mode() {
  write(kTimerDivide, 0xb);
  write(kLvtTimer, kMasked | kVectorTimer);
}
void lapic_timer_count(u32 ticks) { write(kTimerInitial, ticks); }
u32 lapic_timer_left() { return read(kTimerCurrent); }
void lapic_timer_tsc(u64 tsc) { wrmsr(kMsrTscDeadline, tsc); }

}  // namespace ostd::target
