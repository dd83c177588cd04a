// SPDX-License-Identifier: MPL-2.0
// Making, asking, setting, undoing and removing arrays of semaphores.
#include <ostd/reservation.h>
#include <services/ipc/space.h>

namespace svc::ipc {

SemArray::SemArray(const Context& who, i32 key, u32 mode, u32 n, Weak<Space> space) : Object(who, key, mode), size_(n), space_(std::move(space)) {
  const Opt<Ref<Space>> all = space_.lock();
  if (all) (*all)->counts().semaphores.fetch_add(size_);
  state_.with([&](State& s) {
    s.all.resize(size_, Semaphore());
    s.times.changed = wall_seconds();
  });
}
SemArray::~SemArray() {
  if (!state_.with([](State& s) { return s.removed; })) uncount();
}
void SemArray::uncount() const {
  const Opt<Ref<Space>> space = space_.lock();
  if (space) (*space)->counts().semaphores.fetch_sub(size_);
}

Result<i32> SemArray::ask(u32 number, Ask what) const {
  return state_.with([&](State& s) -> Result<i32> {
    if (s.removed) return Errc::identifier_removed;
    if (what == Ask::value) return i32{s.all[number].value};
    if (what == Ask::pid) return s.all[number].pid;
    const bool zero = what == Ask::waiting_for_zero;
    usize n = 0;
    s.queues.with(number, [&](Queues& q) { n = zero ? q.zero.size() : q.more.size(); });
    const auto count = [&](const SemWaiter& w) {
      const SemOp o = w.blocking();
      if (w.several() && o.number == number && (zero ? o.change == 0 : o.change < 0)) ++n;
    };
    if (s.several != 0) s.alters.each(count);
    s.zeros.each(count);
    return static_cast<i32>(n);
  });
}

Status SemArray::set(u32 number, u16 value, i32 pid) const {
  WakeList woken{};
  const bool there = state_.with([&](State& s) {
    if (s.removed) return false;
    s.undo.each([&](const u64&, Adjustments& a) { a.by[number] = 0; });
    s.all[number].value = value;
    s.all[number].pid = pid;
    s.times.changed = wall_seconds();
    if (settle_everything(s, woken)) s.times.operated = wall_seconds();
    return true;
  });
  wake_all(std::move(woken));
  return there ? Ok() : Status(Errc::identifier_removed);
}

Result<Vec<u16>> SemArray::values() const {
  TRY(mem::reserve(size_ * sizeof(u16) / kPageSize + 2));
  Vec<u16> v = Vec<u16>::filled(size_, 0);
  const bool there = state_.with([&](State& s) {
    for (usize i = 0; i < size_; ++i) v[i] = s.all[i].value;
    return !s.removed;
  });
  if (!there) return Errc::identifier_removed;
  return v;
}

Status SemArray::set_all(const Vec<u16>& values, i32 pid) const {
  WakeList woken{};
  const bool there = state_.with([&](State& s) {
    if (s.removed) return false;
    for (usize i = 0; i < size_; ++i) {
      s.all[i].value = values[i];
      s.all[i].pid = pid;
    }
    s.undo.each([&](const u64&, Adjustments& a) {
      for (i16& x : a.by) x = 0;
    });
    s.times.changed = wall_seconds();
    if (settle_everything(s, woken)) s.times.operated = wall_seconds();
    return true;
  });
  wake_all(std::move(woken));
  return there ? Ok() : Status(Errc::identifier_removed);
}

void SemArray::remove() const {
  const Opt<Ref<Space>> space = space_.lock();
  if (space) static_cast<void>((*space)->semaphores().remove(*this));
  WakeList woken{};
  Undo undo{};
  const bool first = state_.with([&](State& s) {
    if (s.removed) return false;
    s.removed = true;
    const auto end = [&](const Ref<SemWaiter>& w) {
      static_cast<void>(dequeue(s, *w));
      w->finish(Errc::identifier_removed);
      woken.push_back(w);
    };
    for (Opt<Ref<SemWaiter>> w = s.alters.front(); w; w = s.alters.front()) end(*w);
    for (Opt<Ref<SemWaiter>> w = s.zeros.front(); w; w = s.zeros.front()) end(*w);
    for (Opt<u32> n = s.queues.first_key(); n; n = s.queues.first_key()) {
      Opt<Ref<SemWaiter>> w{};
      s.queues.with(*n, [&](Queues& q) { w = q.zero.front(); });
      if (w) end(*w);
      else static_cast<void>(s.queues.remove(*n));
    }
    std::swap(undo, s.undo);
    return true;
  });
  if (!first) return;
  uncount();
  wake_all(std::move(woken));
  for (Opt<MapEntry<u64, Adjustments>> e = undo.pop_first(); e; e = undo.pop_first()) {
    const Opt<Ref<UndoList>> list = e->value.list.lock();
    if (list) (*list)->forget(*this);
  }
}

// Values stop at 0 and at the largest one.
void SemArray::undo_all(u64 list, i32 pid) const {
  WakeList woken{};
  const Undo::Loose gone = state_.with([&](State& s) {
    const bool there = s.undo.with(list, [&](Adjustments& a) {
      for (usize i = 0; i < size_; ++i) {
        if (a.by[i] == 0) continue;
        const i32 next = i32{s.all[i].value} + a.by[i];
        s.all[i].value = static_cast<u16>(next < 0 ? 0 : next > kSemMost ? kSemMost : next);
        s.all[i].pid = pid;
      }
    });
    if (there && !s.removed) {
      static_cast<void>(settle_everything(s, woken));
      s.times.operated = wall_seconds();
    }
    return s.undo.extract(list);
  });
  wake_all(std::move(woken));
}

UndoList::UndoList() = default;
UndoList::~UndoList() = default;
void UndoList::remember(const Ref<SemArray>& a) const {
  arrays_.with([&](Map<u64, Weak<SemArray>>& m) { static_cast<void>(m.insert(object_id(*a), Weak<SemArray>(a))); });
}
void UndoList::forget(const SemArray& a) const {
  const Opt<Weak<SemArray>> gone = arrays_.with([&](Map<u64, Weak<SemArray>>& m) { return m.remove(object_id(a)); });
}
void UndoList::leave(i32 pid) const {
  if (users_.fetch_sub(1) != 1) return;
  const auto next = [&] { return arrays_.with([](Map<u64, Weak<SemArray>>& m) { return m.pop_first(); }); };
  for (Opt<MapEntry<u64, Weak<SemArray>>> e = next(); e; e = next()) {
    const Opt<Ref<SemArray>> a = e->value.lock();
    if (a) (*a)->undo_all(object_id(*this), pid);
  }
}

}  // namespace svc::ipc
