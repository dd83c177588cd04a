// SPDX-License-Identifier: MPL-2.0
// Clocks by their ids: the fixed ones, and the CPU clocks of processes and threads whose ids hold a pid.
// [clock_gettime(2), clock_getcpuclockid(3)]
#pragma once
#include <services/process/timers.h>
#include <services/syscall/entry.h>

namespace svc::sys {

namespace clk {
inline constexpr i32 realtime = 0, monotonic = 1, process_cpu = 2, thread_cpu = 3, monotonic_raw = 4, realtime_coarse = 5, monotonic_coarse = 6,
    boottime = 7, realtime_alarm = 8, boottime_alarm = 9, tai = 11;
}  // namespace clk

inline constexpr i64 kTick = 4'000'000;  // of the coarse clocks: Linux with HZ=250

// A clock that exists.
struct ClockRef {
  enum class Kind : u8 { realtime, monotonic, realtime_coarse, monotonic_coarse, process, thread } kind = Kind::monotonic;
  bool user_only = false;               // process, thread: not the time in system calls
  Opt<Ref<proc::Process>> process{};
  Opt<Ref<proc::Thread>> thread{};
  i64 now() const;
  i64 resolution() const;
};
// Errors: invalid_argument (no such clock, process or thread).
Result<ClockRef> find_clock(Caller& c, i32 id);

}  // namespace svc::sys
