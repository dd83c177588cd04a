// SPDX-License-Identifier: MPL-2.0
// Inside of the scheduler core: run queues, wake placement, the switch. Lock order: ReadyQueue::lock, two of them in rising
// CPU number; nothing but the heap's locks is taken under it. Interrupts are off whenever it is held.
#pragma once
#include <common/percpu.h>

namespace ostd::common {

enum class Leave : u8 { preempted, yielded, parked, ended };

// Interrupts off, preempt_count 0. Switches to the task that should run next; returns when the caller runs again, on whatever
// CPU that is. parked: the caller has set kParked.
void schedule(Leave why);

// Makes a task ready that is in no queue and will not run by itself: new, or parked and claimed by the caller (state was exactly
// kParked before its kToken). Any context.
void make_ready(Task::Core& t, EnqueueReason why);
// bits: kToken, or with kUserToken.
void unpark(Task::Core& t, u32 bits = kToken);
// Sleeps until one of `until` (bits of state) is set, and clears them. Otherwise as task::park.
Status sleep(u32 until, Wait how, Opt<Instant> deadline);

// Under q.lock of CPU `cpu`.
void enqueue_locked(PerCpu& cpu, Task::Core& t, EnqueueReason why);
void unlink_locked(PerCpu& cpu, Task::Core& t);
// The next task that may run on this CPU; null: none. `prev` is the one leaving. Tasks whose affinity excludes the CPU are put
// on `misplaced` (linked by queue_next).
Task::Core* pick_locked(PerCpu& cpu, Instant now, Task::Core* prev, Task::Core*& misplaced);
// Takes a ready task from another CPU that may run here; interrupts off, no lock held.
Task::Core* steal_for(PerCpu& cpu);
// Where a task that becomes ready should go.
u32 choose_cpu(const Task::Core& t, EnqueueReason why);
void place_misplaced(Task::Core* list);

// Sets the tick deadline for the current task of this CPU; interrupts off, ready.lock held.
void update_tick_locked(PerCpu& c, u64 now_ns);
// Programs this CPU's timer for the earliest of timers and tick; interrupts off.
void program_timer(PerCpu& c);

// First thing after every jump, on the new stack, interrupts off.
void finish_switch(void* old_context);
// Interrupts on: gives back what the ended task left.
void reap_dead();

// Voluntary or not: switches with interrupts on before and after, and tidies up behind ended tasks.
void schedule_from_task(Leave why);
// Interrupts off, not nested: runs timers, deferred work and RCU callbacks that are pending, with interrupts on meanwhile.
void run_deferred(PerCpu& c);
bool deferred_pending(const PerCpu& c);
// Interrupts off: the tick deadline has passed.
void tick(PerCpu& c, Instant now);
// Everything pending but rescheduling; interrupts on, preempt_count 0.
void handle_pending();
void expire_timers(PerCpu& c);        // deferred context
void run_deferred_list(PerCpu& c);    // deferred context
void serve_calls(PerCpu& c);          // interrupts off
[[noreturn]] void idle_loop();

void rcu_run_callbacks(PerCpu& c);    // deferred context
// A CPU of this one has tasks waiting: wakes an idle CPU, which will try to steal.
void offer_to_idle_cpu();
// spawn() without the border; no account: the root's.
Ref<Task> spawn_reserved(const TaskOptions& options, Opt<Ref<Account>> account, Fn<void()> entry);

void start_reaper();

// The list of all tasks (task_list.cpp): entered when a record is complete, left before it is freed.
void task_list_add(Task::Core& t);
void task_list_remove(Task::Core& t);

// Inside an interrupt: no preemption point may switch or run deferred work.
struct InInterrupt {
  InInterrupt() : c(*target::this_cpu()) {
    ++c.irq_nesting;
    ++c.preempt_count;
    // Interrupts may read what RCU protects; the idle loop ends after one anyway.
    if (c.rcu_idle.load(Order::relaxed)) c.rcu_idle.exchange(0, Order::seq_cst);
  }
  ~InInterrupt() {
    --c.preempt_count;
    --c.irq_nesting;
  }
  InInterrupt(const InInterrupt&) = delete;
  PerCpu& c;
};

// fcontext and sanitizer parts (switch.cpp).
void make_context(Task::Core& t, void (*entry)());
void jump_to(Task::Core& from, Task::Core& to);
void forget_context(Task::Core& t);

inline u32 this_index() { return target::this_cpu()->index; }
inline constexpr usize kStackPages = 17;  // the most a target uses, without sanitizers
inline constexpr u64 kDefaultSliceNs = 4'000'000;

}  // namespace ostd::common
