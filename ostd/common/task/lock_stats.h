// SPDX-License-Identifier: MPL-2.0
// The longest time a lock of each rank was held (sleeping locks: sleep and preemption included). Only with the lock checker, and
// only when the command line has the word ostd.lockstat; then the console gets a line "lockstat RANK NANOSECONDS" for each rank
// at power-off. For benchmarks.
#pragma once
#include <base/atomic.h>
#include <ostd/sync.h>
#include <string_view>

namespace ostd::common {

inline constexpr u32 kStatRanks = 2048;

extern Atomic<u32> lock_stats_on;
void lock_stats_record(Rank rank, u64 held_ns);
u64 lock_stats_longest_ns(Rank rank);
void lock_stats_configure(std::string_view command_line);
void lock_stats_print();

}  // namespace ostd::common
