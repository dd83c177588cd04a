// SPDX-License-Identifier: MPL-2.0
// What the end of a thread means to its futexes: set_tid_address(2) and robust lists [get_robust_list(2)]. The list is the
// program's memory: it may be a loop or lead anywhere, so the walk is bounded and stops at the first address that does not work.
#include <services/process/futex.h>

namespace svc::proc {
namespace {

constexpr u32 kWaiters = 0x8000'0000, kOwnerDied = 0x4000'0000, kTidMask = 0x3fff'ffff;
constexpr u32 kListLimit = 2048;  // ROBUST_LIST_LIMIT

struct RobustHead {  // struct robust_list_head
  u64 first = 0;
  u64 offset = 0;    // signed: from an entry to its futex
  u64 pending = 0;
};

void wake_one(Caller& c, VirtAddr at) { static_cast<void>(futex_wake(c, at, FutexScope::shared, 1, kAnyBits).ok()); }

enum class Entry : u8 { listed, pending };

// The futex of one entry: when this thread owns it, its owner has died. Errors: fault, invalid_argument.
Status mark_dead(Caller& c, u64 at, Entry which, bool pi) {
  const VirtAddr word(at);
  u32 value = TRY(user::load_u32(c.address_space(), word));
  for (;;) {
    const u32 owner = value & kTidMask;
    // It died between taking the word to 0 and waking: whoever waits must look again.
    if (which == Entry::pending && !pi && owner == 0) {
      wake_one(c, word);
      return Ok();
    }
    if (owner != static_cast<u32>(c.thread()->tid().value)) return Ok();
    const u32 found = TRY(user::compare_exchange_u32(c.address_space(), word, value, (value & kWaiters) | kOwnerDied));
    if (found == value) break;
    value = found;
    ostd::task::preempt_point();
  }
  if (!pi && (value & kWaiters) != 0) wake_one(c, word);
  return Ok();
}

Status walk(Caller& c, u64 head_at) {
  const RobustHead h = TRY(user::read<RobustHead>(c.address_space(), VirtAddr(head_at)));
  // Bit 0 of a link marks a priority-inheritance futex.
  const u64 pending = h.pending & ~1ULL;
  u64 link = h.first;
  for (u32 n = 0; n < kListLimit && (link & ~1ULL) != head_at; ++n) {
    const u64 entry = link & ~1ULL;
    // Before the entry's owner may free it.
    const Result<u64> next = user::read<u64>(c.address_space(), VirtAddr(entry));
    if (entry != pending) TRY(mark_dead(c, wrapping_add(entry, h.offset), Entry::listed, (link & 1) != 0));
    if (!next.ok()) return Err(next.error());
    link = next.value();
    ostd::task::preempt_point();
  }
  if (pending != 0) TRY(mark_dead(c, wrapping_add(pending, h.offset), Entry::pending, (h.pending & 1) != 0));
  return Ok();
}

}  // namespace

void futex_thread_exit(Caller& c) {
  const u64 list = c.me().words().robust_list.exchange(0);
  if (list != 0) static_cast<void>(walk(c, list).ok());
  const u64 clear = c.me().words().clear_child_tid.exchange(0);
  if (clear == 0) return;
  if (user::write(c.address_space(), VirtAddr(clear), i32{0}).ok()) wake_one(c, VirtAddr(clear));
}

void futex_exec(Caller& c) { futex_thread_exit(c); }

}  // namespace svc::proc
