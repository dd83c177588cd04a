// SPDX-License-Identifier: MPL-2.0
// What time it is: the hypervisor's wall clock (KVM), else the CMOS clock [mc146818].
#include <cpu/features.h>
#include <time/clock.h>

namespace ostd::target {

extern "C" char KERNEL_BASE[];

namespace {
u8 cmos(u8 index) {
  outb(0x70, index | 0x80);  // NMI stays off while the index is set; it is switched on again below
  const u8 v = inb(0x71);
  outb(0x70, 0x0d);
  return v;
}
constexpr u32 from_bcd(u32 v) { return (v >> 4) * 10 + (v & 15); }

struct Time {
  u8 second, minute, hour, day, month, year, century;
  bool operator==(const Time&) const = default;
};
Time read_once() { return {cmos(0), cmos(2), cmos(4), cmos(7), cmos(8), cmos(9), cmos(0x32)}; }

// Days from 1970-01-01 in the Gregorian calendar.
constexpr i64 days(i64 y, u32 m, u32 d) {
  y -= m <= 2;
  const i64 era = y / 400;
  const i64 year = y - era * 400;
  const i64 day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}
static_assert(days(1970, 1, 1) == 0 && days(2000, 3, 1) == 11017);

i64 cmos_ns() {
  // Twice the same, and no update in progress: a consistent reading.
  for (u32 tries = 0; tries < 1000; ++tries) {
    if (cmos(0x0a) & 0x80) continue;
    const Time t = read_once();
    if (cmos(0x0a) & 0x80 || !(read_once() == t)) continue;
    const u8 mode = cmos(0x0b);
    const auto number = [&](u8 v) { return mode & 4 ? u32{v} : from_bcd(v); };
    u32 hour = number(t.hour & 0x7f);
    if (!(mode & 2)) hour = hour % 12 + (t.hour & 0x80 ? 12 : 0);
    const u32 month = number(t.month), day = number(t.day), century = number(t.century);
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23) return 0;  // 0xff everywhere: no such chip
    const i64 year = (century >= 19 && century <= 30 ? century : 20) * 100 + number(t.year);
    return (days(year, month, day) * 86400 + hour * 3600 + number(t.minute) * 60 + number(t.second)) * 1'000'000'000;
  }
  return 0;
}

// [kvm-msr MSR_KVM_WALL_CLOCK_NEW] the wall clock at boot of the guest's system time.
struct KvmWall { u32 version, seconds, nanoseconds; };
// SAFETY: the hypervisor writes it.
alignas(16) constinit volatile KvmWall kvm_wall{};
}  // namespace

i64 read_wall_clock_ns() {
  if (const i64 ns = cmos_ns(); ns != 0) return ns;
  if (features.kvm && (cpuid(0x40000001).a >> 3 & 1)) {
      wrmsr(0x4b564d00, address_of(&kvm_wall) - address_of(KERNEL_BASE));
    return kvm_wall.seconds * 1'000'000'000LL + kvm_wall.nanoseconds;
  }
  return 0;
}

}  // namespace ostd::target
