// SPDX-License-Identifier: MPL-2.0
// The local APIC of each CPU, xAPIC (memory) or x2APIC (MSRs): end of interrupt, IPIs, timer. [sdm3 11]
#pragma once
#include <base/types.h>

namespace ostd::target {

void init_lapic();      // boot CPU: finds it; then as init_lapic_cpu
void init_lapic_cpu();  // the calling CPU: on, spurious vector, everything else masked
u32 lapic_id();
void end_of_interrupt();

enum class Ipi : u8 { fixed, nmi, init, startup };
// vector: of fixed ones; page number of startup ones. Interrupts off.
void send_lapic_ipi(u32 apic_id, Ipi kind, u8 vector = 0);

// The timer, one-shot, in its own ticks (bus clock / 1). Counting is masked until lapic_timer_init_cpu().
void lapic_timer_init_cpu();  // interrupt vector kVectorTimer; TSC-deadline mode when the CPU has it
void lapic_timer_calibration_mode();  // counts freely, no interrupt
void lapic_timer_count(u32 ticks);  // 0: off
u32 lapic_timer_left();
void lapic_timer_tsc(u64 tsc);      // TSC-deadline mode; 0: off

}  // namespace ostd::target
