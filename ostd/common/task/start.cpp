// SPDX-License-Identifier: MPL-2.0
// From the target's entry to machine_main, and what a CPU does with nothing to run.
#include "lock_stats.h"
#include "sched.h"
#include <base/hash.h>
#include <ostd/random.h>

namespace {
using namespace ostd;
using namespace ostd::common;

// Makes the running boot context the idle task of this CPU.
PerCpu& enter_cpu(u32 index) {
  PerCpu& c = cpus[index];
  c.index = index;
  c.current = &c.idle;
  c.ready.running = &c.idle;
  c.idle.cpu.store(index, Order::relaxed);
  c.idle.on_cpu.store(1, Order::relaxed);
  target::set_this_cpu(&c);
  return c;
}

// The earliest timer of this CPU; interrupts off.
Instant next_timer(PerCpu& c) {
  c.timers.lock.lock();
  const Instant t = c.timers.root ? c.timers.root->deadline : Instant::never();
  c.timers.lock.unlock();
  return t;
}
}  // namespace

void ostd::common::start(Boot (*make_boot)()) {
  PerCpu& c = enter_cpu(0);
  memory_init();
  // Before anything makes a map or sees another CPU. SAFETY: maps made earlier keep their own copy of the seed.
  set_hash_seed(random::next_u64());
  c.start_ns = target::clock_ns();
  c.stamp_ns.store(c.start_ns, Order::relaxed);
  c.online = true;
  // Others are found by wake-ups only when their idle loops run.
  for (u32 i = 1; i < kMaxCpus; ++i) {
    cpus[i].index = i;
    cpus[i].ready.running = &cpus[i].idle;
  }
  target::start_other_cpus();
  const u32 n = target::cpu_count();
  OSTD_CHECK(n >= 1 && n <= kMaxCpus);
  for (u32 i = 1; i < n; ++i)
    while (!__atomic_load_n(&cpus[i].online, __ATOMIC_ACQUIRE)) target::cpu_relax();
  // release: the records of the others are complete.
  cpus_started.store(n, Order::release);
  start_reaper();
  spawn_reserved({.name = "main"}, {}, [make_boot] {
    Boot boot = make_boot();
    lock_stats_configure(boot.command_line.view());
    Task::Core& t = *target::this_cpu()->current;
    task_memory_attach(t.memory, *boot.root_account);
    t.account = Opt<Ref<Account>>(boot.root_account);
    machine_main(std::move(boot));
  });
  idle_loop();
}

void ostd::common::cpu_main(u32 index) {
  PerCpu& c = enter_cpu(index);
  c.start_ns = target::clock_ns();
  c.stamp_ns.store(c.start_ns, Order::relaxed);
  // release: CPU 0 sees the record complete.
  __atomic_store_n(&c.online, true, __ATOMIC_RELEASE);
  while (cpus_started.load(Order::acquire) == 1) wait_politely();
  idle_loop();
}

void ostd::common::idle_loop() {
  PerCpu& c = *target::this_cpu();  // idle tasks stay on their CPU
  const u64 bit = 1ULL << c.index;
  for (;;) {
    target::irq_disable();
    schedule(Leave::preempted);
    target::irq_enable();
    reap_dead();
    if (c.pending.load(Order::relaxed) != 0) handle_pending();
    target::irq_disable();
    // seq_cst: whoever makes a task ready either sees this CPU idle or what it did is seen in the check below.
    idle_cpus.fetch_or(bit, Order::seq_cst);
    c.rcu_idle.store(1, Order::seq_cst);
    if (c.pending.load(Order::seq_cst) == 0 && c.ready.length.load(Order::seq_cst) == 0) target::idle(next_timer(c));
    c.rcu_idle.store(0, Order::seq_cst);
    idle_cpus.fetch_and(~bit, Order::relaxed);
    target::irq_enable();
  }
}
