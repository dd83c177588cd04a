// SPDX-License-Identifier: MPL-2.0
// Futex operations [futex(2)]. A waiter queues itself first and reads its word then, because reading may fault and sleep. Until
// its queueing is confirmed wakers pass it by, and it reads again when one did: what it saw and its place in the queue are one
// step for every waker, as if the word had been read with the queue locked.
#include <services/process/futex.h>

namespace svc::proc {
namespace {

// Low bits of FutexKey::at tell the kinds of keys apart: words are aligned to 4.
constexpr u64 kMemoryShared = 1, kPage = 2;

Result<u32> load(Caller& c, VirtAddr at) { return user::load_u32(c.address_space(), at); }

// Sleeps until the waiter was woken.
Status sleep(const FutexTable& table, const FutexWaiter& w, const Opt<Instant>& deadline) {
  while (w.woken.load(Order::acquire) == 0) {
    const Status s = ostd::task::park(Wait::interruptible, deadline);
    if (s.ok()) continue;
    // Woken at the same time: that counts.
    return table.remove(w) ? s : Ok();
  }
  return Ok();
}

// Confirms a queued waiter whose word has the expected value, and takes it out if it has not. Errors: again, fault.
Status look(Caller& c, const FutexTable& table, const FutexWaiter& w, const FutexWait& r) {
  for (;;) {
    const Result<u32> v = load(c, r.at);
    if (!v.ok() || v.value() != r.expected) {
      // Not confirmed, so nobody has woken it.
      static_cast<void>(table.remove(w));
      return v.ok() ? Errc::again : v.error();
    }
    if (table.confirm(w)) return Ok();
  }
}

}  // namespace

Result<FutexWord> futex_word(CapRef<vm::Vm, vm::memory::use> vm, VirtAddr at, FutexScope scope) {
  if ((at.value & 3) != 0) return Errc::invalid_argument;
  if (at.value >= kUserEnd.value) return Errc::fault;
  FutexWord w{};
  if (scope == FutexScope::private_) {
    w.key = {object_id(*vm), at.value};
    return w;
  }
  // Private pages must be writable, so that copying on write does not change the page under the waiters.
  const bool shared = vm.shared_at(at);
  user::FrameAt f = TRY(user::frame_at(vm.space(), at, shared ? Access::read : Access::write));
  if (!shared) {
    w.key = {object_id(*vm), at.value | kMemoryShared};
    return w;
  }
  w.key = {f.frame.id(), f.offset | kPage};
  w.page = std::move(f.frame);
  return w;
}

Status futex_wait(Caller& c, const FutexWait& r) {
  FutexWord word = TRY(futex_word(c.vm(), r.at, r.scope));
  const Ref<System> system = c.process()->system();
  const FutexTable& table = system->futexes();
  const Ref<FutexWaiter> w = table.enqueue(word.key, r.bits, std::move(word.page));
  TRY(look(c, table, *w, r));
  return sleep(table, *w, r.deadline);
}

namespace {

// Takes them out; the last of those that were woken.
Opt<usize> remove_all(const FutexTable& table, const Vec<Ref<FutexWaiter>>& waiters) {
  Opt<usize> woken{};
  for (usize i = 0; i < waiters.size(); ++i)
    if (!table.remove(*waiters[i])) woken = i;
  return woken;
}

bool any_woken(const Vec<Ref<FutexWaiter>>& waiters) {
  for (const Ref<FutexWaiter>& w : waiters)
    if (w->woken.load(Order::acquire) != 0) return true;
  return false;
}

}  // namespace

Result<usize> futex_wait_any(Caller& c, std::span<const FutexWait> words, const Opt<Instant>& deadline) {
  const Ref<System> system = c.process()->system();
  const FutexTable& table = system->futexes();
  Vec<FutexWord> keys{};
  for (const FutexWait& r : words) keys.push_back(TRY(futex_word(c.vm(), r.at, r.scope)));
  Vec<Ref<FutexWaiter>> waiters{};
  Status s = Ok();
  for (usize i = 0; i < words.size() && s.ok(); ++i) {
    const Ref<FutexWaiter> w = table.enqueue(keys[i].key, kAnyBits, keys[i].page);
    s = look(c, table, *w, words[i]);
    if (s.ok()) waiters.push_back(w);
  }
  while (s.ok() && !any_woken(waiters)) s = ostd::task::park(Wait::interruptible, deadline);
  // Woken at the same time: that counts.
  const Opt<usize> woken = remove_all(table, waiters);
  if (woken) return *woken;
  if (!s.ok()) return s.error();
  return Errc::again;
}

Result<usize> futex_wake(Caller& c, VirtAddr at, FutexScope scope, usize n, u32 bits) {
  const FutexWord w = TRY(futex_word(c.vm(), at, scope));
  return c.system().futexes().wake(w.key, n, bits);
}

Result<Requeued> futex_requeue(Caller& c, const FutexRequeue& r) {
  const FutexWord from = TRY(futex_word(c.vm(), r.from, r.scope));
  const FutexWord to = TRY(futex_word(c.vm(), r.to, r.to_scope));
  if (r.expected) {
    const u32 v = TRY(load(c, r.from));
    if (v != *r.expected) return Errc::again;
  }
  const FutexTable::Moved m = c.system().futexes().requeue(from.key, to.key, to.page, r.wake, r.move);
  return Requeued{m.woken, m.moved};
}

namespace {

// The operation and comparison of FUTEX_WAKE_OP, packed as in futex(2).
struct WakeOp {
  u32 op = 0, compare = 0;
  u32 argument = 0;
  i32 compare_with = 0;
};

constexpr i32 sign_extend12(u32 v) { return (v & 0x800) != 0 ? static_cast<i32>(v) - 0x1000 : static_cast<i32>(v); }

Result<WakeOp> decode(u32 packed) {
  WakeOp w{};
  w.op = packed >> 28 & 7;
  w.compare = packed >> 24 & 15;
  const i32 argument = sign_extend12(packed >> 12 & 0xfff);
  w.compare_with = sign_extend12(packed & 0xfff);
  // FUTEX_OP_OPARG_SHIFT; Linux takes the low bits of a shift that is too large.
  w.argument = (packed >> 31) != 0 ? 1U << (static_cast<u32>(argument) & 31) : static_cast<u32>(argument);
  if (w.op > 4) return Errc::no_syscall;
  return w;
}

u32 apply(const WakeOp& w, u32 old) {
  switch (w.op) {
    case 0: return w.argument;
    case 1: return wrapping_add(old, w.argument);
    case 2: return old | w.argument;
    case 3: return old & ~w.argument;
    default: return old ^ w.argument;
  }
}

Result<bool> compares(const WakeOp& w, u32 old) {
  const i32 o = static_cast<i32>(old);
  switch (w.compare) {
    case 0: return o == w.compare_with;
    case 1: return o != w.compare_with;
    case 2: return o < w.compare_with;
    case 3: return o <= w.compare_with;
    case 4: return o > w.compare_with;
    case 5: return o >= w.compare_with;
    default: return Errc::no_syscall;
  }
}

}  // namespace

Result<usize> futex_wake_op(Caller& c, VirtAddr first, VirtAddr second, FutexScope scope, usize n, usize n2, u32 packed) {
  const FutexWord one = TRY(futex_word(c.vm(), first, scope));
  const FutexWord two = TRY(futex_word(c.vm(), second, scope));
  const WakeOp op = TRY(decode(packed));
  u32 old = TRY(load(c, second));
  for (;;) {
    const u32 found = TRY(user::compare_exchange_u32(c.address_space(), second, old, apply(op, old)));
    if (found == old) break;
    old = found;
    ostd::task::preempt_point();
  }
  const bool also = TRY(compares(op, old));
  const FutexTable& table = c.system().futexes();
  usize woken = table.wake(one.key, n, kAnyBits);
  if (also) woken += table.wake(two.key, n2, kAnyBits);
  return woken;
}

}  // namespace svc::proc
