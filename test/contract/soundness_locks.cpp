// SPDX-License-Identifier: MPL-2.0
// Wrong uses of locks, waits and tasks that safe code can spell. Each must end the machine with a panic (exit code 101); each is run
// alone: contract=death:NAME. (docs/soundness.md)
#include "helpers.h"
#include "service_traps.h"
#include <ostd/irq.h>
#include <ostd/scheduler.h>
#include <ostd/sync.h>
#include <ostd/wait.h>

using namespace ostd;

namespace {
constexpr Rank kOuter{100};
constexpr Rank kInner{200};
}  // namespace

DEATH_CASE("sleeping with a spinlock") {
  const SpinLocked<u64, kOuter> s{0};
  s.with([](u64&) { (void)task::park(Wait::uninterruptible, time::now() + Duration::millis(1)); });
}
DEATH_CASE("waiting with a preempt guard") {
  const PreemptGuard g;
  const WaitQueue q;
  (void)q.wait_until(Wait::uninterruptible, [] { return true; });
}
DEATH_CASE("sleeping in deferred work") {
  const Deferred work([] { (void)task::sleep_until(time::now() + Duration::millis(1), Wait::uninterruptible); });
  work.schedule();
  contract::until([] { return false; });
}
DEATH_CASE("yielding with interrupts off") {
  const IrqGuard g;
  task::yield();
}
DEATH_CASE("taking spinlocks in falling rank") {
  const SpinLocked<u64, kOuter> a{0};
  const SpinLocked<u64, kInner> b{0};
  b.with([&](u64&) { a.with([](u64&) {}); });
}
DEATH_CASE("taking two spinlocks of one rank") {
  const SpinLocked<u64, kOuter> a{0};
  const SpinLocked<u64, kOuter> b{0};
  b.with([&](u64&) { a.with([](u64&) {}); });
}
DEATH_CASE("taking mutexes in falling rank") {
  const MutexLocked<u64, kOuter> a{0};
  const MutexLocked<u64, kInner> b{0};
  b.with([&](u64&) { a.with([](u64&) {}); });
}
DEATH_CASE("taking a mutex inside a spinlock") {
  const SpinLocked<u64, kOuter> a{0};
  const MutexLocked<u64, kInner> b{0};
  a.with([&](u64&) { b.with([](u64&) {}); });
}
DEATH_CASE("taking a spinlock of outer rank inside a mutex") {
  const SpinLocked<u64, kOuter> a{0};
  const MutexLocked<u64, kInner> b{0};
  b.with([&](u64&) { a.with([](u64&) {}); });
}
DEATH_CASE("waking a queue inside a lock of inner rank") {
  const SpinLocked<u64, Rank{950}> s{0};
  const WaitQueue q;
  const Ref<Task> t = contract::go([&] { (void)q.wait_until(Wait::uninterruptible, [] { return false; }); });
  contract::until_asleep(*t);
  s.with([&](u64&) { q.wake_all(); });
}
DEATH_CASE("calling other CPUs with a spinlock") {
  const SpinLocked<u64, kOuter> s{0};
  s.with([](u64&) { cpu::call_on(CpuSet::all(), [] {}); });
}
namespace {
[[gnu::noinline]] void write_beyond(usize size) {
  u8 array[24];  // the guard is right behind it
  u8* at = array;
  // SAFETY: none: this is what must be noticed. Not by a statement of C++, which a sanitizer would check.
  asm volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(0xa5) : "memory");
}
}  // namespace
DEATH_CASE("writing beyond a local array") { write_beyond(32); }
// What the build asks of services; the results are used, so that nothing is left out.
DEATH_CASE("a signed sum in services that does not fit") {
  OSTD_CHECK(contract::add(2, 3) == 5);
  contract::say(contract::add(0x7fff'ffff, 1) < 0 ? "wrapped" : "?");
}
DEATH_CASE("an unsigned difference in services below zero") {
  OSTD_CHECK(contract::subtract(3, 2) == 1);
  contract::say(contract::subtract(2, 3) != 0 ? "wrapped" : "?");
}
DEATH_CASE("a shift in services by as many bits as there are") {
  OSTD_CHECK(contract::shift(1, 31) == 1U << 31);
  contract::say(contract::shift(1, 32) != 0 ? "shifted" : "?");
}
DEATH_CASE("a conversion in services that loses bits") {
  OSTD_CHECK(contract::narrow(255) == 255);
  contract::say(contract::narrow(256) == 0 ? "cut" : "?");
}
DEATH_CASE("a conversion in services that loses the sign") {
  OSTD_CHECK(contract::change_sign(5) == 5);
  contract::say(contract::change_sign(-5) != 0 ? "changed" : "?");
}
DEATH_CASE("reading an Once that is not set") {
  const Once<u64> o;
  (void)o.get();
}
DEATH_CASE("destroying a queue that somebody waits on") {
  auto q = make_own<WaitQueue>();
  const WaitQueue& queue = *q;
  const Ref<Task> t = contract::go([&queue] { (void)queue.wait_until(Wait::uninterruptible, [] { return false; }); });
  contract::until_asleep(*t);
  Opt<Own<WaitQueue>> gone(std::move(q));
  gone.reset();
}
DEATH_CASE("an affinity without any CPU") { task::current()->set_affinity(CpuSet{}); }
DEATH_CASE("installing a second policy") {
  class None final : public SchedPolicy {
   public:
    Own<RunQueue> make_run_queue(CpuId) override { panic("no queue"); }
  };
  scheduler::install(make_own<None>());
}
DEATH_CASE("running out of stack") {
  struct Deep {
    static u64 down(u64 n) {
      volatile u64 room[32] = {n};
      return n == 0 ? room[0] : down(n - 1) + room[n % 32];
    }
  };
  CHECK(Deep::down(1'000'000) != 1);
}
