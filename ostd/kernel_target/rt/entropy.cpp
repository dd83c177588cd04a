// SPDX-License-Identifier: MPL-2.0
// Entropy: RDSEED or RDRAND, always mixed with the jitter of the time stamp counter, which is all there is on old processors.
#include <common/target.h>
#include <cpu/features.h>
#include <cpu/instructions.h>

namespace ostd::target {

namespace {
bool hardware_random(u64& v) {
  for (u32 i = 0; i < 16; ++i) {  // both may be empty for a moment [sdm1 7.3.17]
    u8 ok = 0;
    // SAFETY: the processor has the instruction.
    if (features.rdseed) asm volatile("rdseed %0; setc %1" : "=r"(v), "=qm"(ok)::"cc");
    if (!ok && features.rdrand) asm volatile("rdrand %0; setc %1" : "=r"(v), "=qm"(ok)::"cc");
    if (ok) return true;
  }
  return false;
}
constexpr u64 mix(u64 v) {  // a bijection that spreads every bit
  v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
  v = (v ^ v >> 27) * 0x94d049bb133111eb;
  return v ^ v >> 31;
}
u64 jitter(u32 rounds) {
  u64 v = 0, last = rdtsc();
  for (u32 i = 0; i < rounds; ++i) {
    (void)cpuid(0);  // serialises, and takes irregular time on virtual machines
    const u64 now = rdtsc();
    v = mix(v ^ (now - last)) + now;
    last = now;
  }
  return v;
}
}  // namespace

void entropy(std::span<u8> to) {
  for (usize i = 0; i < to.size(); i += 8) {
    u64 v = 0;
    const bool good = (features.rdrand || features.rdseed) && hardware_random(v);
    v ^= jitter(good ? 1 : 256);
    __builtin_memcpy(to.data() + i, &v, to.size() - i < 8 ? to.size() - i : 8);
  }
}

}  // namespace ostd::target
