// SPDX-License-Identifier: MPL-2.0
// Shares of the fair class.
#pragma once
#include <ostd/scheduler.h>
#include <services/base/ids.h>

namespace svc::sched {

inline constexpr u64 kNormalWeight = 1024;
inline constexpr u64 kIdleWeight = 3;
// Real time that one request of a task asks for, in nanoseconds.
inline constexpr u64 kSliceNs = 3'000'000;

// 1024 / 1.25^nice: one level of nice is about a tenth of the CPU between two tasks. nice: -20 to 19, others count as the nearest.
constexpr u64 weight_of_nice(i32 nice) {
  u64 scaled = kNormalWeight << 20;
  for (i32 i = 0; i < nice && i < 19; ++i) scaled = scaled * 4 / 5;
  for (i32 i = 0; i > nice && i > -20; --i) scaled = scaled * 5 / 4;
  return (scaled + (1U << 19)) >> 20;
}

// Of a task of the fair class.
u64 unusual_weight(const ostd::SchedParams& p);
inline u64 weight(const ostd::SchedParams& p) {
  return p.nice == 0 && p.klass != ostd::SchedClass::idle ? kNormalWeight : unusual_weight(p);
}
// How long it runs at once when others wait.
constexpr u64 slice_of(const ostd::SchedParams& p) { return p.slice_ns != 0 ? p.slice_ns : kSliceNs; }
// Real into virtual time.
u64 to_virtual(u64 ns, u64 weight);

}  // namespace svc::sched
