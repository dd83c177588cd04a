// SPDX-License-Identifier: MPL-2.0
// The switch between two stacks by Boost.Context, and what sanitizers must be told about it.
// Invariant: interrupts are off and preempt_count is 0 from before the jump until finish_switch has published the old task.
#include "fcontext.h"
#include "sched.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ALBIREO_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if __has_feature(thread_sanitizer)
#define ALBIREO_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif
#endif

namespace {
using namespace ostd;
using namespace ostd::common;

// Tells the address sanitizer that the switch has arrived on `now`'s stack, coming from `from`'s.
[[maybe_unused]] void arrived(Task::Core& now, Task::Core& from) {
#if defined(ALBIREO_ASAN)
  const void* low = nullptr;
  size_t size = 0;
  __sanitizer_finish_switch_fiber(now.fake_stack, &low, &size);
  // The idle tasks run on the CPUs' boot stacks, whose bounds only the sanitizer knows.
  // SAFETY: the bounds of a stack, which is writable; only the sanitizer reads them.
  if (from.idle()) from.stack = {const_cast<u8*>(static_cast<const u8*>(low)), size};
#endif
}

// The argument of the first jump to a context is the entry; later ones carry nothing.
void first_entry(FcontextTransfer t) {
  PerCpu& c = *target::this_cpu();
  arrived(*c.current, *c.switching_from);
  finish_switch(t.context);
  // SAFETY: jump_to passes the entry point of the task, set by make_context, at the first jump.
  reinterpret_cast<void (*)()>(t.data)();
  check_failed("a task's entry does not return here");
}
}  // namespace

void ostd::common::make_context(Task::Core& t, void (*entry)()) {
#if defined(ALBIREO_ASAN)
  __asan_unpoison_memory_region(t.stack.low, t.stack.size);
#endif
#if defined(ALBIREO_TSAN)
  t.tsan_fiber = __tsan_create_fiber(0);
#endif
  IrqOff off;
  target::before_switch();  // make_fcontext stores the control words that are live
  t.context = make_fcontext(t.stack.low + t.stack.size, t.stack.size, &first_entry);
  t.entry_point = entry;
}

void ostd::common::jump_to(Task::Core& from, Task::Core& to) {
  PerCpu& c = *target::this_cpu();
  __atomic_store_n(&c.current, &to, __ATOMIC_RELAXED);  // a mutex waiter on another CPU compares it
  c.switching_from = &from;
  target::before_switch();
#if defined(ALBIREO_ASAN)
  __sanitizer_start_switch_fiber(from.state.load(Order::relaxed) & kEnded ? nullptr : &from.fake_stack, to.stack.low, to.stack.size);
#endif
#if defined(ALBIREO_TSAN)
  if (!from.tsan_fiber) from.tsan_fiber = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(to.tsan_fiber, 0);
#endif
  // SAFETY: to.context is valid while on_cpu was 0 and only the CPU that picked the task jumps to it.
  const FcontextTransfer t = jump_fcontext(to.context, reinterpret_cast<void*>(to.entry_point));
#if defined(ALBIREO_ASAN)
  arrived(from, *target::this_cpu()->switching_from);
#endif
  finish_switch(t.context);
}

void ostd::common::forget_context(Task::Core& t) {
#if defined(ALBIREO_TSAN)
  if (t.tsan_fiber) __tsan_destroy_fiber(t.tsan_fiber);
  t.tsan_fiber = nullptr;
#endif
}
