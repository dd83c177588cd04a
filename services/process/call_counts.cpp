// SPDX-License-Identifier: MPL-2.0
#include <services/process/call_counts.h>

namespace svc::proc {

void CallCounts::success(u64 number) const {
  if (number < kNumbers) cells_[number].successes.fetch_add(1, Order::relaxed);
}

void CallCounts::error(u64 number, i32 errno_number) const {
  const u32 e = static_cast<u32>(errno_number);
  if (number < kNumbers && e / 64 < kErrnoWords) cells_[number].errnos[e / 64].fetch_or(u64{1} << (e % 64), Order::relaxed);
}

void CallCounts::interruption(u64 number) const {
  if (number < kNumbers) cells_[number].interruptions.fetch_add(1, Order::relaxed);
}

CallCounts::Ends CallCounts::take(u64 number) const {
  if (number >= kNumbers) return {};
  const Cell& c = cells_[number];
  Ends e{c.successes.exchange(0), c.interruptions.exchange(0), {}};
  for (usize i = 0; i < kErrnoWords; ++i) e.errnos[i] = c.errnos[i].exchange(0);
  return e;
}

}  // namespace svc::proc
