// SPDX-License-Identifier: MPL-2.0
// epoll.
#include <ostd/reservation.h>
#include <ostd/time.h>
#include <services/fs/epoll.h>

namespace svc::fs {
namespace {

constexpr u32 kExclusive = 1U << 28, kWakeUp = 1U << 29, kOneShot = 1U << 30, kEdge = 1U << 31;
constexpr u32 kPrivateBits = kExclusive | kWakeUp | kOneShot | kEdge;
constexpr u32 kMaxNests = 4;

}  // namespace

void EpollItem::woken(u32 key) const {
  const Opt<Ref<Epoll>> o = owner_.lock();
  if (!o) return;
  if ((event().events & (key | poll::err.bits | poll::hup.bits)) == 0) return;
  (*o)->mark_ready(*this);
}
// One shot: no events until modified.
void EpollItem::disarm() const {
  event_.with([](EpollEvent& x) { x.events &= kPrivateBits; });
}

Epoll::~Epoll() {
  Map<Key, Ref<Item>> all{};
  items_.with([&](Map<Key, Ref<Item>>& m) { std::swap(m, all); });
  all.each([](const Key&, Ref<Item>& i) {
    const Opt<Ref<File>> f = i->file();
    if (f) (*f)->poll_remove(*i);
  });
}

void Epoll::mark_ready(const EpollItem& item) const {
  if (item.queued.exchange(1) != 0) return;
  ready_.with([&](Ready& r) { r.list.push_back(ref_of(item)); });
  queue_.wake_one(poll::readable.bits);
}

Status Epoll::add(const Ref<Epoll>& self, Fd fd, const Ref<File>& file, EpollEvent e) {
  const Opt<Ref<Epoll>> inner = file.as<Epoll>();
  if (inner) {
    if ((e.events & kExclusive) != 0) return Errc::invalid_argument;
    if ((*inner)->nested_.load() + 1 > kMaxNests || (*inner)->reaches(*self, kMaxNests + 1)) return Errc::symlink_loop;
    if (self->nested_.load() < (*inner)->nested_.load() + 1) self->nested_.store((*inner)->nested_.load() + 1);
  }
  e.events |= (poll::err | poll::hup).bits;
  const Key key{fd.value, file.id()};
  const Ref<Item> item = make_ref<Item>(Weak<Epoll>(self), Weak<File>(file), e);
  // An entry whose file has gone is as good as none.
  self->drop_dead(key);
  if (!self->items_.with([&](Map<Key, Ref<Item>>& m) { return m.insert(key, item); })) return Errc::exists;
  file->poll_add(Ref<WaitHook>(item));
  if ((file->poll().bits & e.events) != 0) self->mark_ready(*item);
  return Ok();
}

void Epoll::drop_dead(const Key& key) const {
  Opt<Ref<Item>> dead{};
  items_.with([&](Map<Key, Ref<Item>>& m) {
    bool gone = false;
    m.with(key, [&](Ref<Item>& i) { gone = !i->file(); });
    if (gone) dead = m.remove(key);
  });
}

bool Epoll::reaches(const Epoll& target, u32 hops) const {
  if (hops == 0) return true;
  if (object_id(*this) == object_id(target)) return true;
  Vec<Ref<Item>> all = items_.with([](Map<Key, Ref<Item>>& m) {
    Vec<Ref<Item>> out{};
    m.each([&](const Key&, Ref<Item>& i) { out.push_back(i); });
    return out;
  });
  for (const Ref<Item>& i : all) {
    const Opt<Ref<File>> f = i->file();
    const Opt<Ref<Epoll>> e = f ? (*f).as<Epoll>() : Opt<Ref<Epoll>>();
    if (e && (*e)->reaches(target, hops - 1)) return true;
  }
  return false;
}

Status Epoll::modify(Fd fd, const Ref<File>& file, EpollEvent e) const {
  Opt<Ref<Item>> item = items_.with([&](Map<Key, Ref<Item>>& m) { return m.get(Key{fd.value, file.id()}); });
  if (!item) return Errc::not_found;
  if (((*item)->event().events & kExclusive) != 0 || (e.events & kExclusive) != 0) return Errc::invalid_argument;
  e.events |= (poll::err | poll::hup).bits;
  (*item)->set_event(e);
  if ((file->poll().bits & e.events) != 0) mark_ready(**item);
  return Ok();
}

Status Epoll::remove(Fd fd, const Ref<File>& file) const {
  Opt<Ref<Item>> item = items_.with([&](Map<Key, Ref<Item>>& m) { return m.remove(Key{fd.value, file.id()}); });
  if (!item) return Errc::not_found;
  file->poll_remove(**item);
  (*item)->disarm();
  return Ok();
}

Vec<EpollEvent> Epoll::collect(usize most) const {
  Vec<EpollEvent> out{};
  Vec<Ref<Item>> batch{};
  ready_.with([&](Ready& r) { std::swap(r.list, batch); });
  Vec<Ref<Item>> again{};
  usize i = 0;
  for (; i < batch.size() && out.size() < most; ++i) {
    const Item& item = *batch[i];
    item.queued.store(0);  // a wake-up from here on queues it anew
    const EpollEvent e = item.event();
    const Opt<Ref<File>> f = item.file();
    if (!f || (e.events & ~kPrivateBits) == 0) continue;
    const u32 now = (*f)->poll().bits & e.events & ~kPrivateBits;
    if (now == 0) continue;
    out.push_back({now, e.data});
    if ((e.events & kOneShot) != 0) item.disarm();
    else if ((e.events & kEdge) == 0) again.push_back(batch[i]);  // level-triggered: looked at again next time
  }
  ready_.with([&](Ready& r) {
    Vec<Ref<Item>> rest{};
    for (; i < batch.size(); ++i) rest.push_back(batch[i]);
    rest.append(r.list.items());
    for (const Ref<Item>& x : again)
      if (x->queued.exchange(1) == 0) rest.push_back(x);
    std::swap(r.list, rest);
  });
  return out;
}

Result<Vec<EpollEvent>> Epoll::wait(usize most, Opt<Instant> deadline) const {
  TRY(mem::reserve(8));
  Vec<EpollEvent> got = collect(most);
  if (!got.empty() || (deadline && *deadline <= time::now())) return got;
  const Status s = queue_.wait_until(Wait::interruptible, [&] {
    got = collect(most);
    return !got.empty();
  }, deadline);
  if (!s.ok() && s.error() == Errc::interrupted) return Errc::interrupted;
  return got;
}

PollEvents Epoll::poll() const {
  Vec<Ref<Item>> list = ready_.with([](Ready& r) { return r.list; });
  for (const Ref<Item>& i : list) {
    const Opt<Ref<File>> f = i->file();
    if (f && ((*f)->poll().bits & i->event().events & ~kPrivateBits) != 0) return poll::readable;
  }
  return {};
}

}  // namespace svc::fs
