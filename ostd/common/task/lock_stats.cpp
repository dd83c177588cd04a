// SPDX-License-Identifier: MPL-2.0
// See lock_stats.h.
#include "lock_stats.h"
#include <base/format.h>
#include <ostd/log.h>

constinit ostd::Atomic<ostd::u32> ostd::common::lock_stats_on{0};

namespace {
constinit ostd::Atomic<ostd::u64> longest[ostd::common::kStatRanks];
ostd::u32 slot(ostd::Rank rank) { return static_cast<ostd::u32>(rank) % ostd::common::kStatRanks; }
}  // namespace

void ostd::common::lock_stats_record(Rank rank, u64 held_ns) {
  u64 old = longest[slot(rank)].load(Order::relaxed);
  while (old < held_ns && !longest[slot(rank)].compare_exchange(old, held_ns, Order::relaxed)) {}
}
ostd::u64 ostd::common::lock_stats_longest_ns(Rank rank) { return longest[slot(rank)].load(Order::relaxed); }

void ostd::common::lock_stats_configure(std::string_view command_line) {
  if (command_line.find("ostd.lockstat") != std::string_view::npos) lock_stats_on.store(1, Order::relaxed);
}

void ostd::common::lock_stats_print() {
  if (lock_stats_on.exchange(0, Order::relaxed) == 0) return;
  for (u32 rank = 0; rank < kStatRanks; ++rank) {
    const u64 ns = longest[rank].load(Order::relaxed);
    if (ns == 0) continue;
    FixedText<60> line;
    format_to(line, "lockstat {} {}", rank, ns);
    log::raw(line.view());
  }
}
