// SPDX-License-Identifier: MPL-2.0
// Task::Core: what ostd keeps for one task. Comments name who may touch a field: the task itself, the holder of the run-queue
// lock of the task's CPU (rq), or anybody (atomic).
#pragma once
#include <common/target.h>
#include <common/timer_core.h>
#include <ostd/scheduler.h>
#include <ostd/task.h>
#include <common/task_memory.h>
#include <common/mem_percpu.h>

namespace ostd::common {
struct PerCpu;

// Task::Core::state. A waker sets kToken; whoever sets it while kParked was set without it puts the task into a run queue. Only the
// task itself clears the bits, when it runs again. Task::unpark() also sets kUserToken, which locks and wait queues leave for
// the next task::park(), so that a task that sleeps for a lock meanwhile does not lose its unpark.
inline constexpr u32 kToken = 1;
inline constexpr u32 kParked = 2;
inline constexpr u32 kEnded = 4;
inline constexpr u32 kUserToken = 8;

// Task::Core::attention: the disturb level in the low bits and a kick.
inline constexpr u32 kDisturbMask = 3;
inline constexpr u32 kKick = 4;

// Where a runnable task is.
enum class OnQueue : u8 { none, queued, picked };

inline constexpr u32 kMaxHeldMutexes = 16;
void park_timeout_fired(TimerNode& n);
}  // namespace ostd::common

struct ostd::Task::Core {
  // ---- switching: hot
  void* context = nullptr;     // fcontext; valid while on_cpu is 0
  void (*entry_point)() = nullptr;
  Atomic<u32> state{0};        // any
  Atomic<u32> on_cpu{0};       // 1 from being picked until the switch away from it is complete
  Atomic<u32> attention{0};    // any
  Atomic<u32> cpu{0};          // CPU of its run queue, where it runs or ran last; changed under rq or while not queued by its waker
  Task* task = nullptr;        // null: the idle task of a CPU
  u64 id = 0;
  // All tasks (task_list.cpp), for debuggers.
  Core* all_next = nullptr;
  Core* all_prev = nullptr;
  // ---- run queue (rq)
  Core* queue_next = nullptr;
  Core* queue_prev = nullptr;
  common::OnQueue on_queue = common::OnQueue::none;
  bool leave_cpu = false;      // set by schedule(): its affinity excludes the CPU it leaves
  SchedEntity entity{};
  Atomic<u64> affinity{~0ULL};
  // ---- accounting, written by the CPU that runs it
  Atomic<u64> user_ns{0};
  Atomic<u64> system_ns{0};
  Atomic<u64> switches_voluntary{0};
  Atomic<u64> switches_involuntary{0};
  bool kick_on_switch = false; // the task's own
  u64 burst_start_ns = 0;      // when it last came back from sleep
  u64 burst_average_ns = 0;    // how long it usually runs until it sleeps
  // ---- parking
  common::TimerNode timeout;
  Atomic<u32> timed_out{0};
  // ---- the task's own
  Fn<void()> entry{};
  target::Stack stack{};
  Opt<Ref<Account>> account{};
  common::TaskMemory memory{};
  Atomic<u32> ended{0};
  WaitQueue ended_waiters{};
  Atomic<u64> name[2]{};       // 15 bytes and a NUL
  // Ranks of the sleeping locks it holds, outermost first (checker).
  u16 held_mutexes[common::kMaxHeldMutexes] = {};
  u32 held_mutex_count = 0;
#if OSTD_DEBUG_LOCKS
  u64 mutex_since[common::kMaxHeldMutexes] = {};  // when each was taken, while lock_stats.h measures
#endif
  // Sanitizers' idea of the fiber.
  void* fake_stack = nullptr;
  void* tsan_fiber = nullptr;

  constexpr Core() : timeout(&common::park_timeout_fired) {}
  Core(const Core&) = delete;
  bool idle() const { return task == nullptr; }
};
