// SPDX-License-Identifier: MPL-2.0
// Futexes [futex(2)]: waiting, and the end of a thread (clear_child_tid, robust lists). The table is in futex_table.h.
#pragma once
#include <services/process/caller.h>
#include <services/process/futex_table.h>

namespace svc::proc {

enum class FutexScope : u8 { shared, private_ };

// The word's identity, and the page that makes it so for as long as this lives. Shared words are known by the page they lie in,
// all others by memory and address. Errors: invalid_argument (not aligned), fault.
struct FutexWord {
  FutexTable::Key key{};
  Opt<UFrame> page{};
};
Result<FutexWord> futex_word(CapRef<vm::Vm, vm::memory::use> vm, VirtAddr at, FutexScope scope);

inline constexpr u32 kAnyBits = 0xffff'ffff;
struct FutexWait {
  VirtAddr at{};
  FutexScope scope = FutexScope::shared;
  u32 expected = 0;
  u32 bits = kAnyBits;
  Opt<Instant> deadline{};
};
// Sleeps until woken. Errors: invalid_argument, fault, again (the word has another value), timed_out, interrupted.
Status futex_wait(Caller& c, const FutexWait& w);
// Waits for all of these words at once: the index of one that woke it, the last if there are several. Their bits and deadlines do not
// count. Errors as above.
Result<usize> futex_wait_any(Caller& c, std::span<const FutexWait> words, const Opt<Instant>& deadline);
// How many were woken. Errors: invalid_argument, fault.
Result<usize> futex_wake(Caller& c, VirtAddr at, FutexScope scope, usize n, u32 bits);

struct FutexRequeue {
  VirtAddr from{}, to{};
  FutexScope scope = FutexScope::shared;
  FutexScope to_scope = FutexScope::shared;
  usize wake = 0, move = 0;
  Opt<u32> expected{};
};
// Wakes some and makes others wait at another word. Errors: invalid_argument, fault, again.
struct Requeued { usize woken = 0, moved = 0; };
Result<Requeued> futex_requeue(Caller& c, const FutexRequeue& r);

// FUTEX_WAKE_OP: changes the second word, wakes waiters of the first, and of the second if its old value compares.
// Errors: invalid_argument, fault, no_syscall (unknown operation or comparison).
Result<usize> futex_wake_op(Caller& c, VirtAddr first, VirtAddr second, FutexScope scope, usize n, usize n2, u32 op);

// Thread exit: clear_child_tid is zeroed and woken; the robust list is walked (bounded), owners marked dead and woken.
void futex_thread_exit(Caller& c);
// execve: the same towards the old memory, which is about to go.
void futex_exec(Caller& c);

}  // namespace svc::proc
