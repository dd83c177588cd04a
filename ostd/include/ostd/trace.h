// SPDX-License-Identifier: MPL-2.0
// Per-CPU binary trace rings, one format on both targets: a fixed record of time, CPU, task, event and three words.
#pragma once
#include <base/annotations.h>
#include <base/types.h>
#include <span>

namespace ostd::trace {

enum class Event : u16 { none, task_switch, task_wake, syscall_enter, syscall_exit, page_fault, irq, ipi, tlb_flush, user_enter, user_exit, service = 256 };

struct Record {
  u64 time_ns = 0;
  u64 task = 0;
  u32 cpu = 0;
  u16 event = 0;
  u16 sequence = 0;
  u64 a = 0, b = 0, c = 0;
};
static_assert(sizeof(Record) == 48);

// Event::irq: a is the line's number, or this for the CPU's own timer.
inline constexpr u64 kTimerIrq = ~0ULL;

OSTD_ROOT void enable(bool on);
// A few nanoseconds when off. Overwrites the oldest record when the ring is full.
void emit(Event e, u64 a = 0, u64 b = 0, u64 c = 0);
// Copies records of a CPU, oldest first; how many. Records being written meanwhile are left out.
OSTD_ROOT usize read(u32 cpu, std::span<Record> to);
}  // namespace ostd::trace
