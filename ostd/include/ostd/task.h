// SPDX-License-Identifier: MPL-2.0
// Tasks: threads of the OS, each on a guarded stack, run by the scheduler policy given at start. No service state here.
#pragma once
#include <base/fn.h>
#include <base/opt.h>
#include <base/own.h>
#include <base/result.h>
#include <base/static_str.h>
#include <ostd/cpu.h>
#include <ostd/reservation.h>
#include <ostd/wait.h>

namespace ostd {

enum class SchedClass : u8 { fair, batch, idle, fifo, round_robin };

// What a user can set; the policy interprets it.
struct SchedParams {
  SchedClass klass = SchedClass::fair;
  i8 nice = 0;         // -20..19, fair classes
  u8 rt_priority = 0;  // 1..99, fifo and round_robin
  u32 slice_ns = 0;    // fair classes: how long it wants to run at once; 0: as usual
  constexpr bool operator==(const SchedParams&) const = default;
};

struct TaskOptions {
  StaticStr name = "task";
  SchedParams sched{};
  CpuSet affinity = CpuSet::all();
};

// How much a task is disturbed: signal ends Interruptible waits, kill ends Interruptible and Killable ones.
enum class Disturb : u8 { none, signal, kill };

class Task final : public RefCounted {
 public:
  // Starts a task that runs entry and ends when it returns. Its stack and record come from the caller's reservation and are
  // charged to `account`. Errors: out_of_memory.
  static Result<Ref<Task>> spawn(const TaskOptions& options, Ref<Account> account, Fn<void()> entry);

  // The same, but it starts only at the first unpark(), so that the caller can publish the reference before it runs.
  static Result<Ref<Task>> spawn_parked(const TaskOptions& options, Ref<Account> account, Fn<void()> entry);

  u64 id() const;  // unique, never reused, not a pid
  // Makes its park() return, now or at the next call.
  void unpark() const;
  // Sets (never lowers) the disturb level: ends its waits as said above and makes user::run return Interrupted.
  void disturb(Disturb level) const;
  Disturb disturbed() const;
  // Only the task itself, when it has looked at what disturbed it.
  void clear_disturb() const;
  // Makes user::run of this task return UserEvent::interrupted soon, now or at the next call.
  void kick() const;

  // From now on losing its CPU kicks it: user::run comes back before it runs more user code. Only for the task itself.
  void kick_on_switch(bool on) const;

  void set_affinity(CpuSet allowed) const;  // moves the task at its next preemption point
  CpuSet affinity() const;
  CpuId last_cpu() const;
  void set_sched(SchedParams p) const;
  SchedParams sched() const;
  void set_name(std::string_view name) const;  // at most 15 bytes are kept; for debuggers and logs

  Duration user_time() const;    // CPU time in user mode
  Duration system_time() const;  // CPU time in OS code
  u64 switches_voluntary() const;
  u64 switches_involuntary() const;
  bool running() const;  // on a CPU right now
  bool runnable() const; // on a CPU or waiting for one, not asleep
  bool ended() const;
  // Sleeps until the task's entry has returned.
  Status join(Wait how = Wait::uninterruptible) const;

  // Private parts of ostd/common.
  struct Core;
  OSTD_UNSAFE Core& core() const { return *core_; }
  OSTD_UNSAFE explicit Task(Core* c) : core_(c) {}
  ~Task() override;

 private:
  Core* core_;
};

namespace task {
// The task that runs now.
Ref<Task> current();
u64 current_id();
Disturb disturbed();
// Gives the CPU to another task that is ready, if any.
void yield();
// Sleeps until unpark(), a disturbance that `how` admits (Errc::interrupted) or the deadline (Errc::timed_out). May return
// without cause. No spinlock may be held (checked).
Status park(Wait how, Opt<Instant> deadline = {});
// Uninterruptible or not, until the deadline. Errors: interrupted.
Status sleep_until(Instant deadline, Wait how);
// A preemption point for long loops: lets a waiting task of higher claim run. Cheap when there is none.
void preempt_point();
}  // namespace task

}  // namespace ostd
