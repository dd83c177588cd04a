// SPDX-License-Identifier: MPL-2.0
// epoll.
#include <ostd/reservation.h>
#include <ostd/time.h>
#include <services/fs/epoll.h>

namespace svc::fs {
namespace {

constexpr u32 kExclusive = 1U << 28, kWakeUp = 1U << 29, kOneShot = 1U << 30, kEdge = 1U << 31;
constexpr u32 kPrivateBits = kExclusive | kWakeUp | kOneShot | kEdge;
constexpr u32 kExclusiveMay = 1 | 4 | 8 | 16 | kWakeUp | kEdge | kExclusive;  // IN, OUT, ERR, HUP
constexpr u32 kMaxNests = 4;

}  // namespace

// ---- the ready list ----

// Whoever waits is woken even if the item is on the list already: it may be there from a time when nobody waited.
void EpollReady::mark(const EpollItem& item) const {
  const bool open = state_.with([&](State& s) {
    if (!s.closed) static_cast<void>(s.list.push_back(ref_of(item)));
    return !s.closed;
  });
  if (open) queue.wake_one(poll::readable.bits);
}
void EpollReady::put_first(const EpollItem& item) const {
  state_.with([&](State& s) {
    if (s.closed || item.removed.load() != 0 || s.list.move_to_front(item)) return;
    static_cast<void>(s.list.push_front(ref_of(item)));
  });
}
Opt<Ref<EpollItem>> EpollReady::first() const {
  return state_.with([](State& s) { return s.list.front(); });
}
Opt<Ref<EpollItem>> EpollReady::after(const EpollItem& last) const {
  return state_.with([&](State& s) { return s.list.contains(last) ? s.list.after(last) : s.list.front(); });
}
usize EpollReady::size() const {
  return state_.with([](State& s) { return s.list.size(); });
}
void EpollReady::done(const EpollItem& item, u64 wakes, Outcome outcome) const {
  const Opt<Ref<EpollItem>> gone = state_.with([&](State& s) -> Opt<Ref<EpollItem>> {
    if (outcome == Outcome::taken && item.wakes.load() == wakes) return s.list.remove(item);
    static_cast<void>(s.list.move_to_back(item));
    return none;
  });
}
void EpollReady::remove(const EpollItem& item) const {
  const Opt<Ref<EpollItem>> gone = state_.with([&](State& s) { return s.list.remove(item); });
}
void EpollReady::close() const {
  List<EpollItem> all{};
  state_.with([&](State& s) {
    s.closed = true;
    std::swap(all, s.list);
  });
}

void EpollItem::woken(u32 key) const {
  if ((event().events & (key | poll::err.bits | poll::hup.bits)) == 0) return;
  wakes.fetch_add(1);
  ready_->mark(*this);
}
// One shot: no events until modified.
void EpollItem::disarm() const {
  event_.with([](EpollEvent& x) { x.events &= kPrivateBits; });
}

void EpollItem::arm(u32 events) const {
  event_.with([&](EpollEvent& x) {
    if ((x.events & ~kPrivateBits) == 0) x.events = events;
  });
}

// ---- adding and removing ----

Epoll::~Epoll() {
  Map<Key, Ref<EpollItem>> all{};
  items_.with([&](Map<Key, Ref<EpollItem>>& m) { std::swap(m, all); });
  all.each([](const Key&, Ref<EpollItem>& i) {
    const Opt<Ref<File>> f = i->file();
    if (f) (*f)->poll_remove(*i);
  });
  ready_->close();
}

Status Epoll::add(const Ref<Epoll>& self, Fd fd, const Ref<File>& file, EpollEvent e) {
  const Opt<Ref<Epoll>> inner = file.as<Epoll>();
  if ((e.events & kExclusive) != 0 && (inner || (e.events & ~kExclusiveMay) != 0)) return Errc::invalid_argument;
  const Key key{fd.value, file.id()};
  // An entry whose file has gone is as good as none.
  self->drop_dead(key);
  if (self->items_.with([&](Map<Key, Ref<EpollItem>>& m) { return m.contains(key); })) return Errc::exists;
  if (inner) {
    if ((*inner)->levels_below(*self, kMaxNests) + 1 + self->levels_above(kMaxNests) > kMaxNests) return Errc::symlink_loop;
    (*inner)->parents_.with([&](Vec<Weak<Epoll>>& v) { v.push_back(Weak<Epoll>(self)); });
  }
  e.events |= (poll::err | poll::hup).bits;
  const Ref<EpollItem> item = make_ref<EpollItem>(self->ready_, Weak<File>(file), e);
  if (!self->items_.with([&](Map<Key, Ref<EpollItem>>& m) { return m.insert(key, item); })) return Errc::exists;
  file->poll_add(Ref<WaitHook>(item));
  if ((file->poll().bits & e.events) != 0) self->ready_->mark(*item);
  return Ok();
}

void Epoll::drop_dead(const Key& key) const {
  Opt<Ref<EpollItem>> dead{};
  Opt<Ref<File>> held{};  // perhaps the last reference: given back behind the lock
  items_.with([&](Map<Key, Ref<EpollItem>>& m) {
    bool there = false;
    m.with(key, [&](Ref<EpollItem>& i) {
      there = true;
      held = i->file();
    });
    if (there && !held) dead = m.remove(key);
  });
}

Vec<Ref<Epoll>> Epoll::children() const {
  const Vec<Ref<EpollItem>> all = items_.with([](Map<Key, Ref<EpollItem>>& m) {
    Vec<Ref<EpollItem>> out{};
    m.each([&](const Key&, Ref<EpollItem>& i) { out.push_back(i); });
    return out;
  });
  Vec<Ref<Epoll>> out{};
  for (const Ref<EpollItem>& i : all) {
    const Opt<Ref<File>> f = i->file();
    const Opt<Ref<Epoll>> e = f ? (*f).as<Epoll>() : Opt<Ref<Epoll>>();
    if (e) out.push_back(*e);
  }
  return out;
}

// Entries of those that have gone, or do not watch this one any more, are left out and dropped.
Vec<Ref<Epoll>> Epoll::parents() const {
  Vec<Weak<Epoll>> all = parents_.with([](Vec<Weak<Epoll>>& v) { return v; });
  Vec<Ref<Epoll>> out{};
  Vec<Weak<Epoll>> kept{};
  for (const Weak<Epoll>& w : all) {
    const Opt<Ref<Epoll>> p = w.lock();
    if (!p) continue;
    bool watches = false;
    for (const Ref<Epoll>& c : (*p)->children()) watches = watches || c.same(*this);
    if (!watches) continue;
    out.push_back(*p);
    kept.push_back(w);
  }
  parents_.with([&](Vec<Weak<Epoll>>& v) { std::swap(v, kept); });
  return out;
}

u32 Epoll::levels_below(const Epoll& target, u32 hops) const {
  u32 most = 0;
  for (const Ref<Epoll>& c : children()) {
    if (hops == 0 || c.same(target)) return kMaxNests + 1;
    const u32 n = c->levels_below(target, hops - 1) + 1;
    most = n > most ? n : most;
  }
  return most;
}
u32 Epoll::levels_above(u32 hops) const {
  u32 most = 0;
  for (const Ref<Epoll>& p : parents()) {
    if (hops == 0) return kMaxNests + 1;
    const u32 n = p->levels_above(hops - 1) + 1;
    most = n > most ? n : most;
  }
  return most;
}

Status Epoll::modify(Fd fd, const Ref<File>& file, EpollEvent e) const {
  if ((e.events & kExclusive) != 0) return Errc::invalid_argument;
  Opt<Ref<EpollItem>> item = items_.with([&](Map<Key, Ref<EpollItem>>& m) { return m.get(Key{fd.value, file.id()}); });
  if (!item) return Errc::not_found;
  if (((*item)->event().events & kExclusive) != 0) return Errc::invalid_argument;
  e.events |= (poll::err | poll::hup).bits;
  (*item)->set_event(e);
  if ((file->poll().bits & e.events) != 0) ready_->mark(**item);
  return Ok();
}

Status Epoll::remove(Fd fd, const Ref<File>& file) const {
  const Opt<Ref<EpollItem>> item = items_.with([&](Map<Key, Ref<EpollItem>>& m) { return m.remove(Key{fd.value, file.id()}); });
  if (!item) return Errc::not_found;
  file->poll_remove(**item);
  (*item)->removed.store(1);
  ready_->remove(**item);
  return Ok();
}

// ---- waiting ----

// Level-triggered items go to the end of the list: all that are ready take turns.
Vec<Epoll::Found> Epoll::collect(usize most) const {
  Vec<Found> out{};
  if (!ready_->first()) return out;
  scan_.with([&](u32&) {
    for (usize left = ready_->size(); left != 0 && out.size() < most; --left) {
      const Opt<Ref<EpollItem>> i = ready_->first();
      if (!i) break;
      const EpollItem& item = **i;
      const u64 wakes = item.wakes.load();
      const EpollEvent e = item.event();
      const Opt<Ref<File>> f = item.file();
      const u32 wanted = e.events & ~kPrivateBits;
      const u32 now = f && wanted != 0 ? (*f)->poll().bits & wanted : 0;
      if (now != 0) out.push_back(Found{*i, now, e.events});
      if (now != 0 && (e.events & kOneShot) != 0) item.disarm();
      const bool again = now != 0 && (e.events & (kOneShot | kEdge)) == 0;
      ready_->done(item, wakes, again ? EpollReady::Outcome::again : EpollReady::Outcome::taken);
    }
  });
  return out;
}

void Epoll::give_back(const Found& f) const {
  f.item->arm(f.armed);
  ready_->put_first(*f.item);
  ready_->queue.wake_one(poll::readable.bits);
}

Result<Vec<Epoll::Found>> Epoll::wait(usize most, Opt<Instant> deadline) const {
  TRY(mem::reserve(8));
  Vec<Found> got = collect(most);
  if (!got.empty() || (deadline && *deadline <= time::now())) return got;
  const Status s = ready_->queue.wait_until(Wait::interruptible, [&] {
    got = collect(most);
    return !got.empty();
  }, deadline);
  if (!s.ok() && s.error() == Errc::interrupted) return Errc::interrupted;
  return got;
}

PollEvents Epoll::poll() const {
  Opt<Ref<EpollItem>> i = ready_->first();
  for (usize left = ready_->size(); i && left != 0; --left) {
    const Opt<Ref<File>> f = (*i)->file();
    if (f && ((*f)->poll().bits & (*i)->event().events & ~kPrivateBits) != 0) return poll::readable;
    i = ready_->after(**i);
  }
  return {};
}

Result<Ref<File>> Epoll::target(Fd fd, u32 others) const {
  // Several only where the number was given to another file while the first lives on.
  Vec<Ref<EpollItem>> same{};
  items_.with([&](Map<Key, Ref<EpollItem>>& m) {
    m.each_from(Key{fd.value, 0}, [&](const Key& k, Ref<EpollItem>& i) {
      if (k.fd != fd.value) return Walk::stop;
      same.push_back(i);
      return Walk::go;
    });
  });
  u32 left = others;
  for (const Ref<EpollItem>& i : same) {
    const Opt<Ref<File>> f = i->file();
    if (!f) continue;
    if (left == 0) return *f;
    --left;
  }
  return Errc::not_found;
}

}  // namespace svc::fs
