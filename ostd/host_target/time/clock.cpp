// SPDX-License-Identifier: MPL-2.0
#include "linux/host_futex.h"
#include "linux/host_thread.h"
#include "time/ticker.h"

#include <common/percpu.h>
#include <common/target.h>

namespace ostd::host {

namespace {
constinit u64 g_boot_ns = 0;
constinit i64 g_wall_at_boot = 0;
constinit Atomic<u64> g_wakes_at{0};  // when the ticker wakes by itself, clock_ns
constinit Atomic<u32> g_rearm{0};     // futex word: changes when it must look again

void ticker(void*) {
  for (;;) {
    const u32 seen = g_rearm.load();
    g_wakes_at.store(0);  // deadlines that are set from here on either are seen below or change g_rearm
    u64 next = UINT64_MAX;
    const u64 now = target::clock_ns();
    for (Vcpu& v : vcpus) {
      u64 at = v.deadline.load();
      // One that sleeps sees to its own deadline. A later one counts all the same: then none need be told when it wakes before.
      if (at <= now) {
        if (v.sleeping.load() == 0 && v.deadline.compare_exchange(at, UINT64_MAX)) raise(v, kIrqTimer);
      } else if (at < next) {
        next = at;
      }
    }
    g_wakes_at.store(next);
    futex_wait(futex_word(g_rearm), seen, next == UINT64_MAX ? next : next + g_boot_ns, FutexScope::process);
  }
}
}  // namespace

u64 boot_ns() { return g_boot_ns; }

bool ticker_start() {
  g_boot_ns = host_clock_ns();
  g_wall_at_boot = host_wall_ns();
  return start_thread(ticker, nullptr, "ticker");
}
void ticker_arm(Vcpu& v) {
  v.arm_later = false;
  // One look: 0 and then, a moment later, a time that was found before our deadline was set would together say that it is known.
  const u64 wakes_at = g_wakes_at.load();
  if (wakes_at != 0 && v.deadline.load() >= wakes_at) return;
  g_rearm.fetch_add(1);
  futex_wake(futex_word(g_rearm), 1, FutexScope::process);
}
void ticker_later(Vcpu& v) {
  v.pending.fetch_or(kIrqArm);
  v.common->pending.fetch_or(common::kTargetWork);
}

}  // namespace ostd::host

using namespace ostd;

u64 ostd::target::clock_ns() { return host::host_clock_ns() - host::g_boot_ns; }
void ostd::target::watch_timer() { host::ticker_arm(host::this_vcpu()); }
i64 ostd::target::wall_at_boot_ns() { return host::g_wall_at_boot; }
void ostd::target::arm_timer(Instant deadline) {
  host::Vcpu& v = host::this_vcpu();
  v.deadline.store(deadline.ns);
  if (deadline != Instant::never()) host::ticker_later(v);
}
