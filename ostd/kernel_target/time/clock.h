// SPDX-License-Identifier: MPL-2.0
// The monotonic clock is the TSC scaled to nanoseconds; timers are the local APIC's. All CPUs' TSCs are taken to be in step, as
// they are on virtual machines and on processors with an invariant TSC.
#pragma once
#include <base/types.h>
#include <cpu/instructions.h>
#include <string_view>

namespace ostd::target {

struct Clock {
  u64 tsc_at_boot;
  u64 tsc_hz;
  u64 ns_per_tick_32;     // nanoseconds per TSC tick, 32 fraction bits
  u64 ticks_per_ns_32;    // TSC ticks per nanosecond, 32 fraction bits
  u64 bus_per_ns_32;      // local APIC timer ticks per nanosecond, 32 fraction bits
  i64 wall_at_boot_ns;
};
extern Clock clock_data;

inline u64 scale_32(u64 v, u64 factor) { return static_cast<u64>(static_cast<unsigned __int128>(v) * factor >> 32); }
inline u64 tsc_to_ns(u64 tsc) { return scale_32(tsc - clock_data.tsc_at_boot, clock_data.ns_per_tick_32); }
inline u64 ns_to_tsc(u64 ns) { return clock_data.tsc_at_boot + scale_32(ns, clock_data.ticks_per_ns_32); }

inline u64 now_ns() { return tsc_to_ns(rdtsc()); }

// a * b / c without overflow in between; the result must fit.
inline u64 multiply_divide(u64 a, u64 b, u64 c) {
  u64 low, high;
  // SAFETY: arithmetic; a result that does not fit is a divide error, which is a panic.
  asm("mulq %3; divq %4" : "=&a"(low), "=&d"(high) : "a"(a), "r"(b), "r"(c) : "cc");
  return low;
}

// Boot CPU: finds out how fast TSC and local APIC timer run (at most 10 ms of measuring), and what time it is.
void init_clock();

// How init_clock knows: shown in the log.
struct Rates { u64 tsc_hz = 0, bus_hz = 0; std::string_view source; };
Rates measure_rates();
// Seconds since 1970 by the CMOS clock or the hypervisor; 0: not known.
i64 read_wall_clock_ns();

}  // namespace ostd::target
