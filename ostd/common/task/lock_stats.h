// SPDX-License-Identifier: MPL-2.0
// The longest time a spinlock of each rank was held, for benchmarks; measured only while switched on.
#pragma once
#include <base/atomic.h>
#include <ostd/sync.h>

namespace ostd::common {

inline constexpr u32 kStatRanks = 2048;

extern Atomic<u32> lock_stats_on;
void lock_stats_record(Rank rank, u64 held_ns);
u64 lock_stats_longest_ns(Rank rank);
void lock_stats_reset();

}  // namespace ostd::common
