// SPDX-License-Identifier: MPL-2.0
// The switch decision, wake-ups and their placement, ticks.
// A wake-up cannot be lost: park() sets kParked by compare-exchange from 0, so a token set before stops it, and whoever sets a
// token after it enqueues the task, even while its CPU is still switching away (on_cpu): then only that CPU may pick it.
#include "sched.h"

namespace {
using namespace ostd;
using namespace ostd::common;

// Two tasks that each run shorter than this between sleeps stay on one CPU when one wakes the other.
constexpr u64 kShortBurstNs = 100'000;
// How long a task that was kept beside its waker waits before an idle CPU is told of it.
constexpr u64 kHandOverNs = 200'000;

bool claim_idle(u32 cpu) { return idle_cpus.fetch_and(~(1ULL << cpu), Order::acq_rel) >> cpu & 1; }

// Is the waker, a task on this CPU, likely to sleep soon and the woken one to need little time? Then waking another CPU would
// cost more than it gains.
bool stays_here(const PerCpu& c, const Task::Core& t) {
  if (c.irq_nesting != 0 || c.in_deferred || c.current->idle() || c.ready.length.load(Order::relaxed) != 0) return false;
  const u64 running = c.stamp_ns.load(Order::relaxed) - c.current->burst_start_ns;
  const u64 waker = running > c.current->burst_average_ns ? running : c.current->burst_average_ns;
  return waker + t.burst_average_ns < kShortBurstNs;
}

u32 shortest_queue(u64 allowed, u32 first) {
  u32 best = first;
  u32 least = ~0U;
  for (u32 i = 0; i < cpu_total(); ++i) {
    const u32 cpu = (first + i) % cpu_total();
    const u32 length = cpus[cpu].ready.length.load(Order::relaxed);
    if (allowed >> cpu & 1 && length < least) { least = length; best = cpu; }
  }
  return best;
}

void account(PerCpu& c, Task::Core& t, u64 now) {
  account_border(c, now, t.system_ns);
}

void fell_asleep(Task::Core& t, u64 now) {
  t.burst_average_ns = (3 * t.burst_average_ns + (now - t.burst_start_ns)) / 4;
}
}  // namespace

ostd::u32 ostd::common::choose_cpu(const Task::Core& t, EnqueueReason why) {
  const u32 last = t.cpu.load(Order::relaxed);
  // acquire: when it is 0 its context is complete for whoever runs it next.
  if (t.on_cpu.load(Order::acquire)) return last;
  const u64 online = cpu_total() == 64 ? ~0ULL : (1ULL << cpu_total()) - 1;
  u64 allowed = t.affinity.load(Order::relaxed) & online;
  if (allowed == 0) allowed = online;
  const PerCpu& c = *target::this_cpu();
  if (why == EnqueueReason::wake && allowed >> c.index & 1 && stays_here(c, t)) return c.index;
  u64 idle = idle_cpus.load(Order::relaxed) & allowed;
  if (idle >> last & 1 && claim_idle(last)) return last;
  while (idle != 0) {
    const u32 cpu = static_cast<u32>(__builtin_ctzll(idle));
    if (claim_idle(cpu)) return cpu;
    idle &= idle - 1;
  }
  if (why == EnqueueReason::start || !(allowed >> last & 1)) return shortest_queue(allowed, why == EnqueueReason::start ? c.index : last);
  return last;
}

void ostd::common::make_ready(Task::Core& t, EnqueueReason why) {
  IrqOff off;
  const u32 index = choose_cpu(t, why);
  PerCpu& cpu = cpus[index];
  const bool here = &cpu == target::this_cpu();
  cpu.ready.lock.lock();
  t.cpu.store(index, Order::relaxed);
  const bool first = cpu.ready.head == nullptr;
  enqueue_locked(cpu, t, why);
  const Task::Core& running = *cpu.ready.running;
  const bool now = running.idle() || (cpu.ready.policy && cpu.ready.policy->preempts(t.entity, running.entity));
  if (here && !now && first) {
    update_tick_locked(cpu, cpu.ready.policy ? target::clock_ns() : 0);
    // Kept here in the hope that the waker sleeps soon; if it does not, the tick tells an idle CPU.
    const Instant soon{cpu.slice_start_ns + kHandOverNs};
    if (why == EnqueueReason::wake && idle_cpus.load(Order::relaxed) != 0 && soon < cpu.tick_deadline) cpu.tick_deadline = soon;
  }
  cpu.ready.lock.unlock();
  // From here on the task may run elsewhere, end and be gone.
  if (now) request(index, kResched);
  else if (first && !here) request(index, kTick);
  else if (first && cpu.tick_deadline < cpu.timers.programmed) program_timer(cpu);
}

void ostd::common::unpark(Task::Core& t, u32 bits) {
  // acq_rel: what the waker wrote is seen by the task, which clears the token with acquire.
  const u32 old = t.state.fetch_or(bits, Order::acq_rel);
  if ((old & (kToken | kParked | kEnded)) == kParked) make_ready(t, EnqueueReason::wake);
}

void ostd::common::place_misplaced(Task::Core* list) {
  while (list) {
    Task::Core* next = list->queue_next;
    list->queue_next = nullptr;
    make_ready(*list, EnqueueReason::migrated);
    list = next;
  }
}

void ostd::common::update_tick_locked(PerCpu& c, u64 now_ns) {
  Task::Core& t = *c.ready.running;
  if (t.idle() || !c.ready.head) c.tick_deadline = Instant::never();
  else if (c.ready.policy) c.tick_deadline = c.ready.policy->next_tick(Instant{now_ns}, t.entity);
  else c.tick_deadline = Instant{c.slice_start_ns + kDefaultSliceNs};
}

void ostd::common::schedule(Leave why) {
  PerCpu& c = *target::this_cpu();
  Task::Core& prev = *c.current;
  OSTD_CHECK(c.preempt_count == 0 && "no guard is held over a task switch");
  const u64 now = target::clock_ns();
  account(c, prev, now);
  if (c.pending.load(Order::relaxed) & kResched) c.pending.fetch_and(~kResched, Order::relaxed);
  Task::Core* misplaced = nullptr;
  c.ready.lock.lock();
  if (!prev.idle()) {
    if (c.ready.policy) c.ready.policy->tick(prev.entity, Duration::nanos(static_cast<i64>(now - c.slice_start_ns)));
    if (why == Leave::parked) fell_asleep(prev, now);
    if (why == Leave::preempted || why == Leave::yielded) {
      if (prev.affinity.load(Order::relaxed) >> c.index & 1)
        enqueue_locked(c, prev, why == Leave::yielded ? EnqueueReason::yielded : EnqueueReason::preempted);
      else
        prev.leave_cpu = true;
    }
  }
  Task::Core* next = pick_locked(c, Instant{now}, &prev, misplaced);
  c.slice_start_ns = now;
  if (!next) {
    c.ready.lock.unlock();
    next = steal_for(c);
    c.ready.lock.lock();
    // Its affinity may have changed while it was in no queue; from now on set_affinity() sees it running here.
    if (next && !(next->affinity.load(Order::relaxed) >> c.index & 1)) {
      next->queue_next = misplaced;
      misplaced = next;
      next = nullptr;
    }
    if (!next) next = &c.idle;
  }
  c.ready.running = next;
  update_tick_locked(c, now);
  const bool tick = c.tick_deadline < c.timers.programmed;
  c.ready.lock.unlock();
  if (tick) program_timer(c);
  place_misplaced(misplaced);
  if (next == &prev) return;
  // relaxed: read by others only under this CPU's lock, or with acquire after finish_switch has cleared it.
  next->on_cpu.store(1, Order::relaxed);
  if (next->state.load(Order::relaxed) & kParked) next->burst_start_ns = now;
  c.switches.store(c.switches.load(Order::relaxed) + 1, Order::relaxed);
  auto& count = why == Leave::preempted ? prev.switches_involuntary : prev.switches_voluntary;
  count.store(count.load(Order::relaxed) + 1, Order::relaxed);
  if (prev.kick_on_switch) prev.attention.fetch_or(kKick, Order::relaxed);
  trace_if_on(trace::Event::task_switch, prev.id, next->id);
  rcu_quiescent(c);
  jump_to(prev, *next);
}

void ostd::common::finish_switch(void* old_context) {
  PerCpu& c = *target::this_cpu();
  Task::Core& prev = *c.switching_from;
  prev.context = old_context;
  if (prev.state.load(Order::relaxed) & kEnded) {
    c.dead = &prev;
    return;
  }
  const bool leave = prev.leave_cpu;
  prev.leave_cpu = false;
  // release: whoever finds it 0 may run the task and sees its context. It may be gone at once after this.
  prev.on_cpu.store(0, Order::release);
  if (leave) make_ready(prev, EnqueueReason::migrated);
}
