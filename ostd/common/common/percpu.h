// SPDX-License-Identifier: MPL-2.0
// PerCpu: what ostd keeps for one CPU. OS code is preempted only at preemption points, so a pointer from this_cpu() stays
// right until the next one (release of the last guard, park, yield, preempt_point); never keep it across one.
//
// pending has a bit for everything the CPU has yet to look at. Other CPUs set bits and then send_ipi(); the CPU itself looks when
// preempt_count falls to 0, at preemption points, before user mode and in the idle loop. A host target sets kTargetWork when
// target::poll_interrupts() has something to deliver, and clears it there.
#pragma once
#include <base/atomic.h>
#include <common/fence.h>
#include <common/task_core.h>
#include <common/timer_core.h>
#include <ostd/cpu.h>
#include <ostd/scheduler.h>
#include <ostd/sync.h>
#include <ostd/trace.h>

namespace ostd::common {

enum Pending : u32 {
  kResched = 1,        // another task should run
  kTick = 2,           // the tick deadline must be computed anew
  kDeferred = 4,       // deferred work is queued
  kTimers = 8,         // a timer has expired
  kCalls = 16,         // inter-CPU calls are queued
  kRcuReport = 32,     // a grace period waits for this CPU
  kRcuCallbacks = 64,  // callbacks whose grace period has ended
  kTargetWork = 128,   // target::poll_interrupts() has something (host)
  kStop = 256,         // panic: stop for ever
};

// Tasks ready on one CPU. The list holds every one of them in arrival order: it is the built-in FIFO, and what is left when an
// installed policy loses a task.
struct ReadyQueue {
  target::RawSpin lock{};  // interrupts off; inner to every lock but the heap's
  Task::Core* head = nullptr;
  Task::Core* tail = nullptr;
  Atomic<u32> length{0};   // written under lock, read by idle CPUs that look for work
  RunQueue* policy = nullptr;
  Task::Core* running = nullptr;  // what the CPU runs or is switching to
};

struct DeferredNode {
  DeferredNode* next = nullptr;
  void (*run)(DeferredNode&) = nullptr;
  void (*drop)(DeferredNode&) = nullptr;  // frees it
  Atomic<u32> state{0};  // deferred.cpp
};

struct CallNode {
  CallNode* next = nullptr;
  const FnRef<void()>* f = nullptr;
  const Atomic<u32>* left = nullptr;
};

// Something to run after a grace period.
struct RcuNode {
  RcuNode* next = nullptr;
  void (*run)(RcuNode&) = nullptr;
};
struct RcuList {
  RcuNode* head = nullptr;
  RcuNode* tail = nullptr;
};

inline constexpr u32 kMaxHeldSpins = 16;
inline constexpr usize kTraceRecords = 2048;

struct alignas(64) PerCpu : detail::CpuHead {
  // ---- touched by this CPU on every lock, switch and user entry
  Task::Core* current = nullptr;
  u32 index = 0;
  u32 irq_nesting = 0;       // inside an interrupt callback, timer_interrupt or serve_ipi
  bool in_deferred = false;
  Atomic<bool> in_user{false};
  bool online = false;
  Atomic<u64> stamp_ns{0};   // CPU time up to here has been accounted; written by this CPU
  Atomic<u64> user_ns{0};    // in user mode, by nice value up to 0 and above it; written by this CPU
  Atomic<u64> nice_ns{0};
  u64 start_ns = 0;          // when it came up
  u32 wait_turns = 0;        // of wait_politely()
  // ---- scheduling
  alignas(64) ReadyQueue ready;
  Task::Core* switching_from = nullptr;  // between jump and finish_switch
  Task::Core* dead = nullptr;            // ended task whose stack and record the next one gives back
  u64 slice_start_ns = 0;    // the policy has been told of CPU time up to here
  Instant tick_deadline = Instant::never();
  Atomic<u64> switches{0};
  // ---- timers, deferred work, inter-CPU calls
  alignas(64) TimerQueue timers;
  TimerNode* firing = nullptr;
  DeferredNode* deferred_head = nullptr;  // interrupts off
  DeferredNode* deferred_tail = nullptr;
  DeferredNode* deferred_running = nullptr;
  Atomic<u64> calls{0};      // CallNode*, pushed by other CPUs
  CallNode outgoing[kMaxCpus];  // of the call this CPU makes, preemption off
  // ---- RCU (rcu.cpp)
  alignas(64) Atomic<u32> rcu_idle{0};    // 1: this CPU is in the idle loop and reads nothing
  RcuList rcu_next;           // wait for a grace period that has not been asked for; interrupts off, this CPU
  RcuList rcu_waiting;        // wait for the end of rcu_wait_for
  Atomic<u64> rcu_wait_for{0};  // 0: none
  // ---- lock checker
  u16 held_spins[kMaxHeldSpins] = {};
  u64 held_since[kMaxHeldSpins] = {};
  u32 held_spin_count = 0;
  u32 wait_hook_depth = 0;   // inside WaitHook::woken
  // ---- trace
  Atomic<u64> trace_next{0};
  trace::Record* trace_ring = nullptr;  // kTraceRecords, once enabled
  // ---- random
  struct Random { u32 key[8]; u64 until_reseed; } random{};

  MemPerCpu mem{};
  Task::Core idle{};
};

extern PerCpu cpus[kMaxCpus];
// Fixed once CPU 0 runs; CPUs above are not there.
u32 cpu_total();
extern Atomic<u32> cpus_started;
// CPUs in the idle loop that nobody has given work yet.
extern Atomic<u64> idle_cpus;

using detail::preempt_off;
using detail::preempt_on;
using detail::preempt_slow;

// Interrupts off in a scope. Does not look at what came meanwhile: the caller's next preemption point does.
class IrqOff {
 public:
  IrqOff() : on_(target::irqs_on()) { if (on_) target::irq_disable(); }
  ~IrqOff() { if (on_) target::irq_enable(); }
  IrqOff(const IrqOff&) = delete;
  bool were_on() const { return on_; }

 private:
  bool on_;
};

// CPU time since the last border goes to the running task; the CPU crosses to or from user mode. Interrupts off. The counters
// have one writer, this CPU; others only want recent values.
inline void account_border(PerCpu& c, u64 now_ns, const Atomic<u64>& to) {
  const u64 ran = now_ns - c.stamp_ns.load(Order::relaxed);
  to.store(to.load(Order::relaxed) + ran, Order::relaxed);
  // release: who sees the new stamp sees the time counted.
  c.stamp_ns.store(now_ns, Order::release);
}
inline void account_before_user(PerCpu& c, u64 now_ns) {
  account_border(c, now_ns, c.current->system_ns);
  c.in_user.store(true, Order::relaxed);
}
inline void account_after_user(PerCpu& c, u64 now_ns) {
  const Atomic<u64>& sum = c.current->entity.params.nice > 0 ? c.nice_ns : c.user_ns;
  const Atomic<u64>& mine = c.current->user_ns;
  const u64 ran = now_ns - c.stamp_ns.load(Order::relaxed);
  sum.store(sum.load(Order::relaxed) + ran, Order::relaxed);
  mine.store(mine.load(Order::relaxed) + ran, Order::relaxed);
  c.stamp_ns.store(now_ns, Order::release);  // release: as above
  c.in_user.store(false, Order::relaxed);
}

// Sets bits of a CPU's pending word and makes it look when it is another one.
void request(u32 cpu, u32 bits);
// Sets bits of this CPU's.
inline void request_here(u32 bits) { target::this_cpu()->pending.fetch_or(bits, Order::relaxed); }

// One turn of a loop that waits for another CPU; serves inter-CPU calls when the caller could take an interrupt.
void wait_politely();

// This CPU has passed a point where no read-side section runs.
void rcu_report(PerCpu& c);
inline void rcu_quiescent(PerCpu& c) {
  if (c.pending.load(Order::relaxed) & kRcuReport) [[unlikely]] rcu_report(c);
}

extern Atomic<u32> trace_on;
inline void trace_if_on(trace::Event e, u64 a = 0, u64 b = 0, u64 c = 0) {
  if (trace_on.load(Order::relaxed)) [[unlikely]] trace::emit(e, a, b, c);
}

// Panics when the caller may not sleep: it holds a guard or spinlock, or is in an interrupt or deferred work.
void check_may_sleep(const char* what);
// The innermost sleeping lock's rank the running task holds, 0: none (checker off: 0).
u16 innermost_mutex_rank();

}  // namespace ostd::common
