// SPDX-License-Identifier: MPL-2.0
// Clock and one-shot timer of the kernel target.
#include <common/target.h>
#include <cpu/cpu_area.h>
#include <cpu/features.h>
#include <irq/lapic.h>
#include <time/clock.h>

namespace ostd::target {

constinit Clock clock_data{};

void init_clock() {
  const Rates r = measure_rates();
  Clock& c = clock_data;
  c.tsc_hz = r.tsc_hz;
  c.ns_per_tick_32 = multiply_divide(1'000'000'000, 1ULL << 32, r.tsc_hz);
  c.ticks_per_ns_32 = multiply_divide(r.tsc_hz, 1ULL << 32, 1'000'000'000);
  c.bus_per_ns_32 = multiply_divide(r.bus_hz, 1ULL << 32, 1'000'000'000);
  c.tsc_at_boot = rdtsc();
  const i64 wall = read_wall_clock_ns();
  c.wall_at_boot_ns = wall == 0 ? 0 : wall - static_cast<i64>(clock_ns());
}

u64 clock_ns() { return tsc_to_ns(rdtsc()); }
i64 wall_at_boot_ns() { return clock_data.wall_at_boot_ns; }

void arm_timer(Instant deadline) {
  CpuArea& cpu = this_area();
  if (cpu.timer_deadline == deadline.ns) return;
  cpu.timer_deadline = deadline.ns;
  if (deadline == Instant::never()) {
    features.tsc_deadline ? lapic_timer_tsc(0) : lapic_timer_count(0);
    return;
  }
  if (features.tsc_deadline) {
    const u64 tsc = deadline.ns > 1ULL << 62 ? ~0ULL : ns_to_tsc(deadline.ns);
    lapic_timer_tsc(tsc == 0 ? 1 : tsc);
    return;
  }
  const u64 now = clock_ns();
  const u64 ns = deadline.ns > now ? deadline.ns - now : 0;
  // At least one tick, at most the counter's range: then the interrupt comes early and common code arms it again.
  const u64 ticks = ns >= 4'000'000'000 ? 0xffffffff : scale_32(ns, clock_data.bus_per_ns_32) + 1;
  lapic_timer_count(ticks > 0xffffffff ? 0xffffffff : static_cast<u32>(ticks));
}

}  // namespace ostd::target
