// SPDX-License-Identifier: MPL-2.0
// Operations on semaphores and who goes on after them.
#include <ostd/reservation.h>
#include <services/ipc/space.h>

namespace svc::ipc {
namespace {

bool alters(const SemOp& o) { return o.change != 0; }
u64 bit_of(u32 number) { return 1ULL << (number % 64); }
u64 mask_of(std::span<const SemOp> ops) {
  u64 m = 0;
  for (const SemOp& o : ops) m |= bit_of(o.number);
  return m;
}
bool any_alters(std::span<const SemOp> ops) {
  for (const SemOp& o : ops)
    if (alters(o)) return true;
  return false;
}

}  // namespace

SemWaiter::SemWaiter(Vec<SemOp> ops, i32 pid, u64 undo)
    : Sleeper(ostd::task::current()), ops_(std::move(ops)), pid_(pid), undo_(undo), mask_(mask_of(ops_.items())), alters_(any_alters(ops_.items())) {}

// Moves the adjustment of an operation; false: it would be too large.
bool SemArray::adjust(State& s, u64 undo, const SemOp& o) {
  bool fits = true;
  s.undo.with(undo, [&](Adjustments& a) {
    const i32 next = i32{a.by[o.number]} - o.change;
    fits = next >= -kSemMost - 1 && next <= kSemMost;
    if (fits) a.by[o.number] = static_cast<i16>(next);
  });
  return fits;
}

// What was done is taken back, the last first.
void SemArray::revert(State& s, std::span<const SemOp> done, u64 undo) {
  for (usize i = done.size(); i != 0; --i) {
    SemOp back = done[i - 1];
    s.all[back.number].value = static_cast<u16>(i32{s.all[back.number].value} - back.change);
    if ((back.flags & kUndo) == 0) continue;
    s.undo.with(undo, [&](Adjustments& a) { a.by[back.number] = static_cast<i16>(i32{a.by[back.number]} + back.change); });
  }
}

// All of the operations, one after the other, or none; at: the one that stopped it.
SemArray::Tried SemArray::attempt(State& s, std::span<const SemOp> ops, i32 pid, u64 undo, usize& at) {
  for (usize i = 0; i < ops.size(); ++i) {
    const SemOp o = ops[i];
    const i32 now = s.all[o.number].value, next = now + o.change;
    at = i;
    if ((o.change == 0 && now != 0) || next < 0) {
      revert(s, ops.first(i), undo);
      return (o.flags & kNoWait) != 0 ? Tried::refused : Tried::blocked;
    }
    if (next > kSemMost || ((o.flags & kUndo) != 0 && !adjust(s, undo, o))) {
      revert(s, ops.first(i), undo);
      return Tried::out_of_range;
    }
    s.all[o.number].value = static_cast<u16>(next);
  }
  for (const SemOp& o : ops) s.all[o.number].pid = pid;
  return Tried::done;
}

Status SemArray::as_status(Tried t) {
  switch (t) {
    case Tried::refused: return Errc::again;
    case Tried::out_of_range: return Errc::out_of_range;
    case Tried::done:
    case Tried::blocked: break;
  }
  return Ok();
}

void SemArray::enqueue(State& s, const Ref<SemWaiter>& w) {
  if (w->alters()) {
    s.alters.push_back(w);
    if (w->several()) ++s.several;
  } else if (w->several()) {
    s.zeros.push_back(w);
  }
  if (w->several()) return;
  s.queues.with_or_insert(w->ops()[0].number, [] { return Queues(); }, [&](Queues& q) {
    if (w->alters()) q.more.push_back(w);
    else q.zero.push_back(w);
  });
}

// False: it is not waiting any more.
bool SemArray::dequeue(State& s, const SemWaiter& w) {
  bool was = s.alters.remove(w).has_value();
  if (was && w.several()) --s.several;
  was = s.zeros.remove(w).has_value() || was;
  if (w.several()) return was;
  const u32 number = w.ops()[0].number;
  bool empty = false;
  s.queues.with(number, [&](Queues& q) {
    was = q.more.remove(w).has_value() || was;
    was = q.zero.remove(w).has_value() || was;
    empty = q.more.empty() && q.zero.empty();
  });
  if (empty) static_cast<void>(s.queues.remove(number));
  return was;
}

// Tries what somebody waits for; true: it was done. It has finished if that failed, too.
bool SemArray::retry(State& s, const Ref<SemWaiter>& w, WakeList& woken) {
  usize at = 0;
  const Tried t = attempt(s, w->ops().items(), w->pid(), w->undo(), at);
  if (t == Tried::blocked) {
    w->set_blocking(at);
    return false;
  }
  static_cast<void>(dequeue(s, *w));
  w->finish(as_status(t));
  woken.push_back(w);
  return t == Tried::done;
}

bool SemArray::settle_zero(State& s, u32 number, WakeList& woken) {
  bool any = false;
  for (;;) {
    Opt<Ref<SemWaiter>> w{};
    s.queues.with(number, [&](Queues& q) { w = q.zero.front(); });
    if (!w || !retry(s, *w, woken)) return any;
    any = true;
  }
}
bool SemArray::settle_several_zeros(State& s, WakeList& woken) {
  bool any = false;
  Opt<Ref<SemWaiter>> at = s.zeros.front();
  while (at) {
    const Ref<SemWaiter> w = *at;
    at = s.zeros.after(*w);
    any = retry(s, w, woken) || any;
  }
  return any;
}
// Those that wait for zero change nothing.
bool SemArray::settle_zeros(State& s, std::span<const SemOp> changed, WakeList& woken) {
  bool any = false, zero = false;
  for (const SemOp& o : changed) {
    if (s.all[o.number].value != 0) continue;
    zero = true;
    any = settle_zero(s, o.number, woken) || any;
  }
  return (zero && settle_several_zeros(s, woken)) || any;
}

// Only if nobody waits for several. What one takes can only bring the value to zero.
bool SemArray::settle_more(State& s, u32 number, WakeList& woken) {
  bool any = false;
  Opt<Ref<SemWaiter>> at{};
  s.queues.with(number, [&](Queues& q) { at = q.more.front(); });
  while (at && s.all[number].value != 0) {
    const Ref<SemWaiter> w = *at;
    at = none;
    s.queues.with(number, [&](Queues& q) { at = q.more.after(*w); });
    if (!retry(s, w, woken)) continue;
    any = true;
    static_cast<void>(settle_zeros(s, w->ops().items(), woken));
  }
  return any;
}

// The oldest of those that are about a changed semaphore, again and again.
bool SemArray::settle_alters(State& s, u64 mask, WakeList& woken) {
  bool any = false;
  Opt<Ref<SemWaiter>> at = s.alters.front();
  while (at) {
    const Ref<SemWaiter> w = *at;
    at = s.alters.after(*w);
    if ((w->mask() & mask) == 0 || !retry(s, w, woken)) continue;
    any = true;
    mask |= w->mask();
    static_cast<void>(settle_zeros(s, w->ops().items(), woken));
    at = s.alters.front();
  }
  return any;
}

// After a successful operation.
void SemArray::settle(State& s, std::span<const SemOp> changed, WakeList& woken) {
  static_cast<void>(settle_zeros(s, changed, woken));
  if (s.several != 0) {
    static_cast<void>(settle_alters(s, mask_of(changed), woken));
    return;
  }
  for (const SemOp& o : changed)
    if (o.change > 0) static_cast<void>(settle_more(s, o.number, woken));
}

// After any values may have changed. True: something was done.
bool SemArray::settle_everything(State& s, WakeList& woken) {
  bool any = false;
  for (Opt<u32> n = s.queues.first_key(); n; n = s.queues.upper_bound(*n))
    if (s.all[*n].value == 0) any = settle_zero(s, *n, woken) || any;
  any = settle_several_zeros(s, woken) || any;
  if (s.several != 0) return settle_alters(s, ~0ULL, woken) || any;
  for (Opt<u32> n = s.queues.first_key(); n; n = s.queues.upper_bound(*n)) any = settle_more(s, *n, woken) || any;
  return any;
}

// Errors: out_of_memory, identifier_removed.
Status SemArray::prepare_undo(const UndoList& list) const {
  const u64 key = object_id(list);
  if (state_.with([&](State& s) { return s.undo.contains(key); })) return Ok();
  TRY(mem::reserve(size_ * sizeof(i16) / kPageSize + 4));
  Undo::Loose fresh(key, Adjustments{Vec<i16>::filled(size_, 0), Weak<UndoList>(ref_of(list))});
  list.remember(ref_of(*this));
  const bool removed = state_.with([&](State& s) {
    if (!s.removed) static_cast<void>(s.undo.insert(fresh));
    return s.removed;
  });
  if (!removed) return Ok();
  list.forget(*this);
  return Errc::identifier_removed;
}

Status SemArray::operate(Vec<SemOp> ops, i32 pid, const Opt<Ref<UndoList>>& undo, Opt<Instant> deadline) const {
  if (undo) TRY(prepare_undo(**undo));
  const u64 key = undo ? object_id(**undo) : 0;
  usize at = 0;
  WakeList woken{};
  Opt<Tried> t = state_.with([&](State& s) -> Opt<Tried> {
    if (s.removed) return none;
    const Tried now = attempt(s, ops.items(), pid, key, at);
    if (now != Tried::done) return now;
    s.times.operated = wall_seconds();
    if (any_alters(ops.items())) settle(s, ops.items(), woken);
    return now;
  });
  wake_all(std::move(woken));
  if (!t) return Errc::identifier_removed;
  if (*t != Tried::blocked) return as_status(*t);
  const Ref<SemWaiter> w = make_ref<SemWaiter>(std::move(ops), pid, key);
  WakeList others{};
  t = state_.with([&](State& s) -> Opt<Tried> {
    if (s.removed) return none;
    const Tried now = attempt(s, w->ops().items(), pid, key, at);
    w->set_blocking(at);
    if (now == Tried::blocked) enqueue(s, w);
    if (now != Tried::done) return now;
    s.times.operated = wall_seconds();
    if (w->alters()) settle(s, w->ops().items(), others);
    return now;
  });
  wake_all(std::move(others));
  if (!t) return Errc::identifier_removed;
  if (*t != Tried::blocked) return as_status(*t);
  const Status end = w->sleep(deadline, [&] { return state_.with([&](State& s) { return dequeue(s, *w); }); });
  return !end.ok() && end.error() == Errc::timed_out ? Status(Errc::again) : end;
}

}  // namespace svc::ipc
