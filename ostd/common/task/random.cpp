// SPDX-License-Identifier: MPL-2.0
// A ChaCha20 generator for each CPU, seeded by target::entropy(), reseeded every MiB. After each request the key is replaced by
// output, so that what was given out cannot be computed from a later state (fast key erasure). [rfc8439 2.3]
#include "sched.h"
#include <ostd/random.h>

namespace {
using namespace ostd;
using namespace ostd::common;

constexpr u64 kReseedBytes = 1 << 20;

u32 rotl(u32 v, int n) { return v << n | v >> (32 - n); }

void quarter(u32& a, u32& b, u32& c, u32& d) {
  a += b; d = rotl(d ^ a, 16);
  c += d; b = rotl(b ^ c, 12);
  a += b; d = rotl(d ^ a, 8);
  c += d; b = rotl(b ^ c, 7);
}

void chacha20_block(const u32 (&key)[8], u32 counter, u8 (&out)[64]) {
  u32 in[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, key[0], key[1], key[2], key[3],
                key[4], key[5], key[6], key[7], counter, 0, 0, 0};
  u32 x[16];
  for (int i = 0; i < 16; ++i) x[i] = in[i];
  for (int round = 0; round < 10; ++round) {
    quarter(x[0], x[4], x[8], x[12]);
    quarter(x[1], x[5], x[9], x[13]);
    quarter(x[2], x[6], x[10], x[14]);
    quarter(x[3], x[7], x[11], x[15]);
    quarter(x[0], x[5], x[10], x[15]);
    quarter(x[1], x[6], x[11], x[12]);
    quarter(x[2], x[7], x[8], x[13]);
    quarter(x[3], x[4], x[9], x[14]);
  }
  for (int i = 0; i < 16; ++i) {
    x[i] += in[i];
    __builtin_memcpy(out + i * 4, &x[i], 4);
  }
}

// Interrupts off.
void reseed(PerCpu& c) {
  u32 fresh[8];
  // SAFETY: any bytes make words.
  target::entropy({reinterpret_cast<u8*>(fresh), sizeof fresh});
  // Mixed in, so that a weak source does not lose what was there.
  for (int i = 0; i < 8; ++i) c.random.key[i] ^= fresh[i];
  c.random.until_reseed = kReseedBytes;
}
}  // namespace

void ostd::random::fill(std::span<u8> to) {
  while (!to.empty()) {
    IrqOff off;
    auto& r = target::this_cpu()->random;
    if (r.until_reseed == 0) reseed(*target::this_cpu());
    // One batch with interrupts off: up to 4 blocks of output behind the one that becomes the next key.
    u8 block[64];
    u32 next[8];
    chacha20_block(r.key, 0, block);
    __builtin_memcpy(next, block, sizeof next);
    for (u32 counter = 1; counter <= 4 && !to.empty(); ++counter) {
      chacha20_block(r.key, counter, block);
      const usize n = to.size() < sizeof block ? to.size() : sizeof block;
      __builtin_memcpy(to.data(), block, n);
      to = to.subspan(n);
    }
    __builtin_memcpy(r.key, next, sizeof next);
    r.until_reseed = r.until_reseed > 256 ? r.until_reseed - 256 : 0;
  }
}

ostd::u64 ostd::random::next_u64() {
  u64 v = 0;
  // SAFETY: any bytes make a number.
  fill({reinterpret_cast<u8*>(&v), sizeof v});
  return v;
}
