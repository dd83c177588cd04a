// SPDX-License-Identifier: MPL-2.0
// Trace rings. Only a CPU writes its own ring, but an interrupt may write in the middle of a record: each writer takes its slot
// first. A record is valid while its sequence matches its position; readers drop what changed under them.
#include "sched.h"

constinit ostd::Atomic<ostd::u32> ostd::common::trace_on{0};

namespace {
using namespace ostd;
using namespace ostd::common;
u16 sequence_of(u64 position) { return static_cast<u16>(position / kTraceRecords * 2 + 2); }  // even, not 0 for a time
}  // namespace

void ostd::trace::enable(bool on) {
  if (on)
    for (u32 i = 0; i < cpu_total(); ++i) {
      if (__atomic_load_n(&cpus[i].trace_ring, __ATOMIC_ACQUIRE)) continue;
      auto* ring = new Record[kTraceRecords];
      Record* none = nullptr;
      if (!__atomic_compare_exchange_n(&cpus[i].trace_ring, &none, ring, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) delete[] ring;
    }
  trace_on.store(on ? 1 : 0, Order::release);
}

void ostd::trace::emit(Event e, u64 a, u64 b, u64 c) {
  if (!trace_on.load(Order::acquire)) return;
  IrqOff off;
  PerCpu& cpu = *target::this_cpu();
  Record* ring = __atomic_load_n(&cpu.trace_ring, __ATOMIC_ACQUIRE);
  if (!ring) return;
  const u64 at = cpu.trace_next.load(Order::relaxed);
  cpu.trace_next.store(at + 1, Order::release);
  Record& r = ring[at % kTraceRecords];
  const auto put = [](auto& field, auto value) { __atomic_store_n(&field, value, __ATOMIC_RELAXED); };
  __atomic_store_n(&r.sequence, static_cast<u16>(sequence_of(at) - 1), __ATOMIC_RELAXED);  // odd: being written
  __atomic_thread_fence(__ATOMIC_RELEASE);
  put(r.time_ns, target::clock_ns());
  put(r.task, cpu.current->id);
  put(r.cpu, cpu.index);
  put(r.event, static_cast<u16>(e));
  put(r.a, a);
  put(r.b, b);
  put(r.c, c);
  __atomic_store_n(&r.sequence, sequence_of(at), __ATOMIC_RELEASE);
}

ostd::usize ostd::trace::read(u32 cpu, std::span<Record> to) {
  if (cpu >= cpu_total()) return 0;
  PerCpu& c = cpus[cpu];
  const Record* ring = __atomic_load_n(&c.trace_ring, __ATOMIC_ACQUIRE);
  if (!ring) return 0;
  const u64 end = c.trace_next.load(Order::acquire);
  u64 at = end > kTraceRecords ? end - kTraceRecords : 0;
  if (end - at > to.size()) at = end - to.size();
  usize n = 0;
  const auto get = [](const auto& field) { return __atomic_load_n(&field, __ATOMIC_RELAXED); };
  for (; at < end; ++at) {
    const Record& r = ring[at % kTraceRecords];
    const u16 before = __atomic_load_n(&r.sequence, __ATOMIC_ACQUIRE);
    if (before != sequence_of(at)) continue;
    const Record copy{get(r.time_ns), get(r.task), get(r.cpu), get(r.event), before, get(r.a), get(r.b), get(r.c)};
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (get(r.sequence) == before) to[n++] = copy;
  }
  return n;
}
