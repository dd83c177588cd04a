// SPDX-License-Identifier: MPL-2.0
// What lock_check.h says. A broken order is a panic that names both ranks and the locks held.
#include "lock_check.h"
#include "lock_stats.h"
#include <base/format.h>

namespace {
using namespace ostd;
using namespace ostd::common;

[[maybe_unused, gnu::noinline, gnu::cold]] void order_broken(Rank wanted, u16 held) {
  FixedText<120> text;
  format_to(text, "lock order: rank {} is taken while rank {} is held", static_cast<u16>(wanted), held);
  panic(text.view());
}

[[maybe_unused]] u16 top_spin(const PerCpu& c) { return c.held_spin_count ? c.held_spins[c.held_spin_count - 1] : 0; }
u16 top_mutex(const PerCpu& c) {
  const Task::Core& t = *c.current;
  return t.held_mutex_count ? t.held_mutexes[t.held_mutex_count - 1] : 0;
}
// Interrupts and deferred work run on top of a task that may hold sleeping locks: nothing can be waiting the other way round.
[[maybe_unused]] bool in_task(const PerCpu& c) { return c.irq_nesting == 0 && !c.in_deferred; }
}  // namespace

ostd::u16 ostd::common::innermost_mutex_rank() { return top_mutex(*target::this_cpu()); }

#if OSTD_DEBUG_LOCKS
void ostd::common::check_spin(PerCpu& c, Rank rank, RankRule rule) {
  const u16 r = static_cast<u16>(rank);
  // A hook may wake other wait queues (an epoll instance inside another one).
  if (rank == kRankWaitQueue && c.wait_hook_depth != 0) return;
  if (top_spin(c) > r || (top_spin(c) == r && rule == RankRule::rising)) order_broken(rank, top_spin(c));
  if (in_task(c) && top_mutex(c) >= r) order_broken(rank, top_mutex(c));
}

void ostd::common::note_spin(PerCpu& c, Rank rank) {
  OSTD_CHECK(c.held_spin_count < kMaxHeldSpins);
  if (lock_stats_on.load(Order::relaxed)) [[unlikely]] c.held_since[c.held_spin_count] = target::clock_ns();
  else c.held_since[c.held_spin_count] = 0;
  c.held_spins[c.held_spin_count++] = static_cast<u16>(rank);
}

void ostd::common::forget_spin(PerCpu& c, Rank rank) {
  OSTD_CHECK(c.held_spin_count != 0 && c.held_spins[c.held_spin_count - 1] == static_cast<u16>(rank) && "spinlocks are released inside out");
  const u64 since = c.held_since[--c.held_spin_count];
  if (since != 0) [[unlikely]] lock_stats_record(rank, target::clock_ns() - since);
}

void ostd::common::check_mutex(PerCpu& c, Rank rank, RankRule rule) {
  check_may_sleep("a sleeping lock is taken without spinlocks or guards, in a task");
  const u16 r = static_cast<u16>(rank);
  if (top_mutex(c) > r || (top_mutex(c) == r && rule == RankRule::rising)) order_broken(rank, top_mutex(c));
}

void ostd::common::note_mutex(PerCpu& c, Rank rank) {
  Task::Core& t = *c.current;
  OSTD_CHECK(t.held_mutex_count < kMaxHeldMutexes);
  t.mutex_since[t.held_mutex_count] = lock_stats_on.load(Order::relaxed) ? target::clock_ns() : 0;
  t.held_mutexes[t.held_mutex_count++] = static_cast<u16>(rank);
}

void ostd::common::forget_mutex(PerCpu& c, Rank rank) {
  Task::Core& t = *c.current;
  OSTD_CHECK(t.held_mutex_count != 0 && t.held_mutexes[t.held_mutex_count - 1] == static_cast<u16>(rank) && "locks are released inside out, by their owner");
  const u64 since = t.mutex_since[--t.held_mutex_count];
  if (since != 0) [[unlikely]] lock_stats_record(rank, target::clock_ns() - since);
}
#endif
