// SPDX-License-Identifier: MPL-2.0
// Interrupts of the host target: bits in a vCPU's record, delivered where the common code polls. A sleeping vCPU is woken; user
// code that runs on it is fetched back by a signal to its stub thread.
#include "irq/input.h"
#include "linux/host_futex.h"
#include "linux/host_thread.h"
#include "task/vcpu.h"
#include "time/ticker.h"
#include "user/slot.h"

#include <common/percpu.h>
#include <common/target.h>

namespace ostd::host {

void raise(Vcpu& v, u32 bits) {
  v.pending.fetch_or(bits);
  // The common code's own word says that poll_interrupts() has something.
  if (common::PerCpu* c = __atomic_load_n(&v.common, __ATOMIC_ACQUIRE)) c->pending.fetch_or(common::kTargetWork);
  if (v.sleeping.load() != 0 && v.sleeping.exchange(0) != 0) futex_wake(futex_word(v.sleeping), 1, FutexScope::process);
  else if (v.running.load() != 0) kick_running(v);
}

void wait_no_kickers() {
  for (Vcpu& v : vcpus)
    while (v.kickers.load() != 0) yield_thread();
}

namespace {
// Requires: interrupts off.
void deliver(Vcpu& v, u32 bits) {
  // A CPU that is about to idle watches its timer itself (before_switch() tells the ticker when a task runs after all).
  if (bits & kIrqArm) {
    if (v.common->current == &v.common->idle) v.arm_later = true;
    else ticker_arm(v);
  }
  if (bits & kIrqTimer) common::timer_interrupt();
  if (bits & kIrqIpi) common::serve_ipi();
  if (bits & kIrqIo) input_interrupt();
}
}  // namespace

}  // namespace ostd::host

using namespace ostd;

void ostd::target::send_ipi(u32 cpu) {
  // The request is in the other CPU's pending word, which it looks at by itself while it runs OS code.
  host::Vcpu& v = host::vcpus[cpu];
  __atomic_thread_fence(__ATOMIC_SEQ_CST);  // the request, then what the vCPU does (task/vcpu.h)
  if (v.sleeping.load() != 0 || v.running.load() != 0) host::raise(v, host::kIrqIpi);
}

void ostd::target::poll_interrupts() {
  if (!irqs_on()) return;
  // Either word: raise() sets them one after the other and this loop may run between, so that the common bit alone is left; the
  // common code would wait for ever for it to fall.
  while (cpu_face().pending.load(Order::relaxed) != 0 || (cpu_face().common->pending.load(Order::relaxed) & common::kTargetWork)) {
    host::Vcpu& v = host::this_vcpu();
    irq_disable();
    // acquire: what was done before the bits were set. The common bit first: a bit raised in between is found by the loop.
    v.common->pending.fetch_and(~u32{common::kTargetWork}, Order::acq_rel);
    host::deliver(v, v.pending.exchange(0, Order::acq_rel));
    common::irq_exit();
    irq_enable();
  }
}

void ostd::target::idle(Instant deadline) {
  host::Vcpu& v = host::this_vcpu();
  v.pending.fetch_and(~u32{host::kIrqArm});  // while it sleeps it watches its timer itself
  const u64 armed = v.deadline.load();
  const u64 until = armed < deadline.ns ? armed : deadline.ns;
  host::leave_host_cpu(v);
  v.sleeping.store(1);
  // Published, now look: requests of other CPUs and our own bits (task/vcpu.h).
  while (v.pending.load() == 0 && (v.common->pending.load() & ~u32{common::kTargetWork}) == 0 && v.sleeping.load() != 0) {
    if (until <= clock_ns()) break;
    host::futex_wait(host::futex_word(v.sleeping), 1, until == UINT64_MAX ? until : until + host::boot_ns(), host::FutexScope::process);
  }
  v.sleeping.store(0);
  if (u64 at = v.deadline.load(); at != UINT64_MAX) {
    if (at > clock_ns()) v.arm_later = true;
    else if (v.deadline.compare_exchange(at, UINT64_MAX)) v.pending.fetch_or(host::kIrqTimer);
  }
  irq_enable();
  poll_interrupts();
  irq_disable();
}

void ostd::target::irq_mask(u32, bool) {}  // no devices with lines yet
