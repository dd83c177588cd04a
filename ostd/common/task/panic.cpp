// SPDX-License-Identifier: MPL-2.0
// The end of a machine that found itself broken: message, task, locks, backtrace, then power off with code 101. Uses no lock and
// no memory. A second panic, or one on another CPU, only stops.
#include "lock_check.h"
#include "sched.h"
#include <base/format.h>
#include <base/trap.h>

namespace {
using namespace ostd;
using namespace ostd::common;

constexpr u8 kPanicCode = 101;
constinit Atomic<u32> panicking{0};  // 1 + CPU

template <class... A>
void say(FormatFor<A...> f, const A&... a) {
  FixedText<200> line;
  format_to(line, f, a...);
  target::console_write_raw(line.view());
  target::console_write_raw("\n");
}

void say_task(const PerCpu& c) {
  const Task::Core& t = *c.current;
  char text[16];
  const u64 words[2] = {t.name[0].load(Order::relaxed), t.name[1].load(Order::relaxed)};
  __builtin_memcpy(text, words, sizeof text);
  usize size = 0;
  while (size < 15 && text[size] != '\0') ++size;
  const std::string_view name = t.idle() ? std::string_view("idle") : std::string_view(text, size);
  const std::string_view where = c.irq_nesting ? "an interrupt" : c.in_deferred ? "deferred work" : "a task";
  say("cpu {}, task {} \"{}\", in {}, guards {}, interrupts {}", c.index, t.id, name, where, c.preempt_count,
      std::string_view(target::irqs_on() ? "on" : "off"));
  for (u32 i = 0; i < t.held_mutex_count; ++i) say("  holds a sleeping lock of rank {}", t.held_mutexes[i]);
  for (u32 i = 0; i < c.held_spin_count; ++i) say("  holds a spinlock of rank {}", c.held_spins[i]);
}

void say_backtrace() {
  u64 addresses[32];
  const usize n = target::backtrace(addresses);
  for (usize i = 0; i < n; ++i) {
    u64 offset = 0;
    // A return address may be the first byte of the next function.
    const std::string_view name = target::symbol_name(addresses[i] - 1, offset);
    if (name.empty()) say("  {:#018x}", addresses[i]);
    else say("  {:#018x} {}+{:#x}", addresses[i], name, offset + 1);
  }
}
}  // namespace

void ostd::panic(std::string_view message) {
  target::irq_disable();
  const u32 me = target::current_cpu_index() + 1;
  u32 none = 0;
  if (!panicking.compare_exchange(none, me, Order::acq_rel)) {
    // Once more on this CPU: something the report needs is broken. On another one: the first report goes on.
    if (none == me) target::power_off(kPanicCode);
    target::power_halt();
  }
  target::stop_other_cpus();
  target::console_write_raw("\npanic: ");
  target::console_write_raw(message);
  target::console_write_raw("\n");
  if (const PerCpu* c = target::this_cpu(); c && c->current) say_task(*c);
  say_backtrace();
  target::power_off(kPanicCode);
}

// What the compiler calls when the number behind a function's local arrays has changed (-fstack-protector-strong).
extern "C" [[noreturn]] void __stack_chk_fail();
void __stack_chk_fail() { ostd::panic("stack smashing detected: a local array was written beyond its end"); }

void ostd::check_failed(const char* what) {
  FixedText<200> text;
  format_to(text, "check failed: {}", std::string_view(what));
  panic(text.view());
}
