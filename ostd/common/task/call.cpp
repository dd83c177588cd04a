// SPDX-License-Identifier: MPL-2.0
// Inter-CPU calls. Each target CPU gets a node in the caller's record; it runs the function and counts down. The caller serves
// calls made to itself while it waits, so two CPUs that call each other do not block.
#include "sched.h"

ostd::u32 ostd::cpu::count() { return common::cpu_total(); }
ostd::CpuId ostd::cpu::current() { return CpuId{target::this_cpu()->index}; }
ostd::CpuSet ostd::CpuSet::all() {
  const u32 n = common::cpu_total();
  return from_bits(n >= 64 ? ~0ULL : (1ULL << n) - 1);
}

void ostd::common::serve_calls(PerCpu& c) {
  // acquire: sees the nodes complete.
  // SAFETY: calls is 0 or the address of a CallNode of another CPU, which stays until `left` has been counted down for it.
  auto* n = reinterpret_cast<CallNode*>(c.calls.exchange(0, Order::acquire));
  while (n) {
    CallNode* next = n->next;
    const Atomic<u32>* left = n->left;
    (*n->f)();
    // release: what f did is seen by the caller. The node is gone after this.
    left->fetch_sub(1, Order::release);
    n = next;
  }
}

void ostd::cpu::call_on(CpuSet set, FnRef<void()> f) {
  using namespace common;
  PerCpu& c = *target::this_cpu();
  OSTD_CHECK(c.preempt_count == 0 && c.irq_nesting == 0 && target::irqs_on() && "call_on: no spinlock is held, not in an interrupt");
  preempt_off();
  Atomic<u32> left{0};
  const CpuSet others = CpuSet::from_bits((set & CpuSet::all()).bits() & ~(1ULL << c.index));
  left.store(static_cast<u32>(__builtin_popcountll(others.bits())), Order::relaxed);
  for (u64 bits = others.bits(); bits != 0; bits &= bits - 1) {
    const u32 i = static_cast<u32>(__builtin_ctzll(bits));
    CallNode& n = c.outgoing[i];
    n.f = &f;
    n.left = &left;
    u64 head = cpus[i].calls.load(Order::relaxed);
    do {
      // SAFETY: as in serve_calls.
      n.next = reinterpret_cast<CallNode*>(head);
      // release: the node is complete before it can be found.
    // SAFETY: n is complete and stays until its CPU has counted `left` down.
    } while (!cpus[i].calls.compare_exchange(head, reinterpret_cast<u64>(&n), Order::acq_rel));
    request(i, kCalls);
  }
  if (set.has(CpuId{c.index})) {
    IrqOff off;
    f();
  }
  while (left.load(Order::acquire) != 0) wait_politely();
  preempt_on();
}
