// SPDX-License-Identifier: MPL-2.0
// Passing a thread between the OS and its stub process through the exchange page: one futex word, spinning for a moment when
// the other side runs on another CPU, sleeping otherwise.
//
// With a host CPU to spare it depends on what a vCPU does. Waking a sleeping thread on another CPU costs ten times what a switch on
// the same CPU does, so a thread of user code starts on the CPU of its vCPU ("together"): programs that take turns stay there. One that
// comes back again and again with no other in between is let go to another CPU, and both sides spin ("apart"). While its threads are
// together with it a vCPU is bound too: else the host would wake it on the idle CPU next to theirs.
//
// Tried and dropped: to wait by sched_yield() on the same CPU. It costs half of sleeping and being woken (2.9 instead of 4.7 us there and
// back), but only once the host's scheduler sees both sides as having run for the same time, and not while anybody else wants the
// CPU: then each yield costs a time slice.
#include "linux/host_futex.h"
#include "linux/host_process.h"
#include "linux/host_thread.h"
#include "task/vcpu.h"
#include "user/frame.h"
#include "user/gate.h"
#include "user/slot.h"

#include <common/target.h>

namespace ostd::host {

namespace {
using stub::Ctl;

constinit u64 g_spin_ticks = 0;
constinit bool g_bind = false;
constexpr u32 kApartAfter = 12;  // entries in a row

// SAFETY: reads the time stamp and the number of the host CPU.
u64 rdtscp(u32& cpu) {
  u32 a, d, c;
  asm volatile("rdtscp" : "=a"(a), "=d"(d), "=c"(c));
  cpu = c & 0xfff;
  return static_cast<u64>(d) << 32 | a;
}

// A word that the stub writes too. SAFETY: mapped for ever, aligned; only copied.
u32 load(const u32& w, int order) { return __atomic_load_n(&w, order); }

enum class For : u8 { user_code, commands };

// Has this vCPU more to do than to wait for user code?
bool wanted() { return target::on_cpu() && this_vcpu().pending.load() != 0; }

void wait_state(Slot& s, Ctl& c, For what) {
  u32 cpu = 0;
  u64 now = rdtscp(cpu);
  if (load(c.spin, __ATOMIC_RELAXED) != 0 && g_spin_ticks != 0 && load(c.stub_cpu, __ATOMIC_RELAXED) != cpu) {
    const u64 end = now + g_spin_ticks;
    while (load(c.state, __ATOMIC_ACQUIRE) != 0 && rdtscp(cpu) < end) target::cpu_relax();
  }
  // acquire: what the stub wrote before it gave the thread back is seen.
  Patience patience;
  for (u32 state = 0; (state = load(c.state, __ATOMIC_ACQUIRE)) != 0 && s.space->dead.load() == 0;) {
    if (state != 1) return space_kill(*s.space, "it has written over its exchange page");
    __atomic_store_n(&c.os_sleeps, 1U, __ATOMIC_SEQ_CST);
    // The end of a stub wakes us too (stubs.cpp), the timeout is a second line of defence.
    if (load(c.state, __ATOMIC_SEQ_CST) != 0 && s.space->dead.load() == 0)
      futex_wait(&c.state, 1, host_clock_ns() + 1'000'000'000, FutexScope::shared);
    __atomic_store_n(&c.os_sleeps, 0U, __ATOMIC_SEQ_CST);
    if (what == For::commands || wanted()) {
      if (patience.out()) return space_kill(*s.space, kNoAnswer);
      if (what == For::user_code) signal_thread(s.space->pid.load(), s.tid.load(), stub::kSigInterrupt);
    } else {
      patience = {};
    }
  }
}
}  // namespace

bool Patience::out() {
  constexpr u64 kAtMost = 1'200'000'000, kEnough = 5'000'000'000;
  const u64 now = host_clock_ns();
  if (last_ != 0) spent_ += now - last_ < kAtMost ? now - last_ : kAtMost;
  last_ = now;
  return spent_ > kEnough;
}

void handover_setup(u64 spin_ticks, bool bind) {
  g_spin_ticks = spin_ticks;
  g_bind = bind;
}

void leave_host_cpu(Vcpu& v) {
  if (v.beside.load(Order::relaxed) == 0) return;
  v.beside.store(0, Order::relaxed);
  unbind_thread(0);
}

namespace {
void bind(Slot& s, u32 cpu) {
  if (s.host_cpu == cpu) return;
  s.host_cpu = cpu;
  bind_thread(s.tid.load(), cpu);
}

// The vCPU stays on this host CPU, unless another vCPU does.
void stay_on(Vcpu& v, u32 cpu) {
  if (v.beside.load(Order::relaxed) != 0 && v.host_cpu == cpu) return;
  for (const Vcpu& o : vcpus)
    if (&o != &v && o.beside.load(Order::relaxed) == cpu + 1) return;
  v.host_cpu = cpu;
  v.beside.store(cpu + 1, Order::relaxed);
  bind_thread(0, cpu);
}

// Where a thread is to run, when user code is entered with a CPU to spare.
void place(Slot& s, Ctl& c, u32 cpu) {
  Vcpu& v = this_vcpu();
  if (v.last_slot != index_of(s)) {
    // The one that ran before has no turn soon: its CPU is wanted.
    if (v.last_slot != kNoSlot) __atomic_store_n(&ctl_of(slots[v.last_slot]).spin, 0U, __ATOMIC_RELAXED);
    v.last_slot = index_of(s);
    s.in_a_row = 0;
  }
  if (s.in_a_row < kApartAfter) {
    s.in_a_row++;
    __atomic_store_n(&c.spin, 0U, __ATOMIC_RELAXED);
    stay_on(v, cpu);
    // One that still runs elsewhere is not pulled over.
    if (load(c.stub_sleeps, __ATOMIC_RELAXED) != 0) bind(s, cpu);
    return;
  }
  __atomic_store_n(&c.spin, static_cast<u32>(g_spin_ticks), __ATOMIC_RELAXED);
  if (s.host_cpu == kAnyHostCpu) return;
  s.host_cpu = kAnyHostCpu;
  unbind_thread(s.tid.load());
  leave_host_cpu(v);
}

void let_run(Slot& s, Ctl& c, For what) {
  u32 cpu = 0;
  rdtscp(cpu);
  c.os_cpu = cpu;
  if (!target::on_cpu()) __atomic_store_n(&c.spin, 0U, __ATOMIC_RELAXED);
  else if (g_bind) bind(s, this_vcpu().host_cpu);
  else if (what == For::user_code) place(s, c, cpu);
  else if (s.in_a_row < kApartAfter && load(c.stub_sleeps, __ATOMIC_RELAXED) != 0) bind(s, cpu);
  if (gate_on() && c.commands != 0) gate_near(cpu);
  // seq_cst: either the stub sees state 1 before it sleeps, or we see that it does.
  __atomic_exchange_n(&c.state, 1U, __ATOMIC_SEQ_CST);
  if (load(c.stub_sleeps, __ATOMIC_SEQ_CST) != 0) futex_wake(&c.state, 1, FutexScope::shared);
}
}  // namespace

bool hand_over(Slot& s) {
  Ctl& c = ctl_of(s);
  if (s.space->dead.load() != 0) return false;
  let_run(s, c, For::user_code);
  wait_state(s, c, For::user_code);
  return s.space->dead.load() == 0;
}

bool wait_back(Slot& s) {
  wait_state(s, ctl_of(s), For::commands);
  return s.space->dead.load() == 0 && read_arrival(s);
}

bool read_arrival(Slot& s) {
  const Ctl& c = ctl_of(s);
  s.kind = load(c.kind, __ATOMIC_RELAXED);
  if (s.kind == stub::kFast || s.kind == stub::kFastInterrupt) return true;
  if (s.kind == stub::kFrame && find_frame(s)) return true;
  space_kill(*s.space, "it came back in a way that there is not");
  return false;
}

void give_commands(Slot& s, const stub::Cmd* cmds, u32 n) {
  Ctl& c = ctl_of(s);
  for (u32 i = 0; i < n; i++) c.cmd[i] = cmds[i];
  c.fence = gate_tell(s, cmds, n) ? 1 : 0;
  c.failed = 0;
  c.commands = n;
}

void start_commands(Slot& s, const stub::Cmd* cmds, u32 n) {
  OSTD_CHECK(n <= stub::kMaxCmds);
  Ctl& c = ctl_of(s);
  give_commands(s, cmds, n);
  c.again = 1;
  let_run(s, c, For::commands);
}
bool finish_commands(Slot& s, u32* failed) {
  Ctl& c = ctl_of(s);
  wait_state(s, c, For::commands);
  c.again = 0;
  const bool all = gate_settle(s);
  if (failed) *failed += load(c.failed, __ATOMIC_RELAXED);
  // Who does not ask for failures makes threads, and a refused one leaves calls undone.
  if (!all && failed && s.space->dead.load() == 0) space_kill(*s.space, "it came back without having done what it was told");
  return s.space->dead.load() == 0;
}
bool run_commands(Slot& s, stub::Cmd* cmds, u32 n, u32* failed) {
  if (failed) *failed = 0;
  for (u32 done = 0; done < n;) {
    const u32 part = n - done < stub::kMaxCmds ? n - done : stub::kMaxCmds;
    if (s.space->dead.load() != 0) return false;
    start_commands(s, cmds + done, part);
    if (!finish_commands(s, failed)) return false;
    for (u32 i = 0; i < part; i++) cmds[done + i].ret = __atomic_load_n(&ctl_of(s).cmd[i].ret, __ATOMIC_RELAXED);
    done += part;
  }
  return true;
}

bool make_frame(Slot& s) {
  if (s.kind == stub::kFrame) return true;
  Ctl& c = ctl_of(s);
  c.cmd[0] = {stub::kCmdFrame, {}, 0};
  c.commands = 1;
  c.again = 0;
  if (!hand_over(s) || !read_arrival(s)) return false;
  if (s.kind == stub::kFrame) return true;
  space_kill(*s.space, "it came back in a way that there is not");
  return false;
}

void kick_running(Vcpu& v) {
  // Counted, so that a slot's thread is not collected (and its number reused by the host) between the load and the signal.
  v.kickers.fetch_add(1);
  if (const u32 r = v.running.load(); r != 0) {
    const Slot& s = slots[r - 1];
    signal_thread(s.space->pid.load(), s.tid.load(), stub::kSigInterrupt);
  }
  v.kickers.fetch_sub(1);
}

}  // namespace ostd::host
