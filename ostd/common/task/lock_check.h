// SPDX-License-Identifier: MPL-2.0
// The lock-order checker of debug builds: ranks rise. Spinlocks are kept for each CPU (interrupts nest on top of what they
// interrupted), sleeping locks for each task.
#pragma once
#include <common/percpu.h>

namespace ostd::common {

enum class RankRule : u8 { rising, pair };  // pair: the same rank again is right (lock_pair)

#if OSTD_DEBUG_LOCKS
void check_spin(PerCpu& c, Rank rank, RankRule rule);  // before waiting for it, preemption off
void note_spin(PerCpu& c, Rank rank);       // it is held
void forget_spin(PerCpu& c, Rank rank);
void check_mutex(PerCpu& c, Rank rank, RankRule rule);
void note_mutex(PerCpu& c, Rank rank);
void forget_mutex(PerCpu& c, Rank rank);
#else
inline void check_spin(PerCpu&, Rank, RankRule) {}
inline void note_spin(PerCpu&, Rank) {}
inline void forget_spin(PerCpu&, Rank) {}
inline void check_mutex(PerCpu&, Rank, RankRule) {}
inline void note_mutex(PerCpu&, Rank) {}
inline void forget_mutex(PerCpu&, Rank) {}
#endif

}  // namespace ostd::common
