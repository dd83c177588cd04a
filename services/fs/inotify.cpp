// SPDX-License-Identifier: MPL-2.0
// inotify: queues, watches, limits.
#include <base/array.h>
#include <base/bytes.h>
#include <base/format.h>
#include <ostd/reservation.h>
#include <services/fs/inotify_watch.h>

namespace svc::fs {

Ref<InotifyUse> InotifyLimits::use(Uid who) const {
  return users_.with([&](HashMap<u32, Ref<InotifyUse>>& m) {
    const Opt<Ref<InotifyUse>> known = m.get(who.value);
    if (known) return *known;
    Ref<InotifyUse> fresh = make_ref<InotifyUse>();
    m.insert(who.value, fresh);
    return fresh;
  });
}

Inotify::Inotify(Ref<InotifyLimits> limits, Ref<InotifyUse> use, u32 flags) : File(flags), limits_(std::move(limits)), use_(std::move(use)), owner_(limits_->next_owner()) {}

Result<Ref<File>> Inotify::create(const Ref<InotifyLimits>& limits, Uid who, u32 flags) {
  Ref<InotifyUse> use = limits->use(who);
  if (use->instances.fetch_add(1) >= limits->instances.load()) {
    use->instances.fetch_sub(1);
    return Errc::too_many_files;
  }
  return Ref<File>(make_ref<Inotify>(limits, std::move(use), flags));
}

Inotify::~Inotify() {
  Map<i32, Ref<RefCounted>> all = state_.with([](State& s) { return std::exchange(s.watches, Map<i32, Ref<RefCounted>>()); });
  all.each([&](const i32&, Ref<RefCounted>& r) {
    const Opt<Ref<InotifyWatch>> w = r.as<InotifyWatch>();
    if (w) static_cast<void>((*w)->inode()->watches.remove(owner_));
  });
  use_->instances.fetch_sub(1);
}

usize Inotify::Event::size() const { return 16 + (name.empty() ? 0 : (name.size() + 16) / 16 * 16); }

// The same as the last one: nothing new. Without room or memory for it: that events were lost, once.
void Inotify::queue(Event e) const {
  const bool room = mem::reserve(2).ok();
  const bool added = state_.with([&](State& s) {
    bool same = false;
    const Opt<u64> last = s.events.last_key();
    if (last) s.events.with(*last, [&](Event& x) { same = x.wd == e.wd && x.mask == e.mask && x.name.view() == e.name.view() && (x.mask & notice::ignored) == 0; });
    if (same) return false;
    const u64 most = limits_->queued.load();
    if (s.events.size() > most) return false;
    if (!room && s.events.empty()) return false;
    if (!room || s.events.size() == most) e = Event{-1, notice::overflow, 0, String()};
    s.bytes += e.size();
    s.events.insert(s.next_event++, std::move(e));
    return true;
  });
  if (added) queue_.wake_all(poll::readable.bits);
}

void Inotify::forget(i32 wd) const {
  const Opt<Ref<RefCounted>> gone = state_.with([&](State& s) { return s.watches.remove(wd); });
  if (gone) queue({wd, notice::ignored, 0, String()});
}

Result<i32> Inotify::add(const Ref<Inode>& inode, u32 mask) const {
  const Ref<Inotify> me = ref_of(*this);
  return changing_.with([&](u32&) -> Result<i32> {
    const Opt<Ref<Watch>> known = inode->watches.get(owner_);
    if (known) {
      if ((mask & kMaskCreate) != 0) return Errc::exists;
      const Opt<Ref<InotifyWatch>> w = known->as<InotifyWatch>();
      (*w)->change(mask);
      return (*w)->wd();
    }
    if (use_->watches.fetch_add(1) >= limits_->watches.load()) {
      use_->watches.fetch_sub(1);
      return Errc::no_space;
    }
    const i32 wd = state_.with([](State& s) {
      do s.last_wd = s.last_wd == INT32_MAX ? 1 : s.last_wd + 1;
      while (s.watches.contains(s.last_wd));
      return s.last_wd;
    });
    const Ref<InotifyWatch> w = make_ref<InotifyWatch>(me, inode, use_, wd, 0U);
    w->change(mask);
    state_.with([&](State& s) { s.watches.insert(wd, Ref<RefCounted>(w)); });
    inode->watches.put(owner_, Ref<Watch>(w));
    w->listed(inode->file_system()->watches.add(Weak<Watch>(Ref<Watch>(w))));
    return wd;
  });
}

Status Inotify::remove(i32 wd) const {
  const Opt<Ref<RefCounted>> r = state_.with([&](State& s) { return s.watches.get(wd); });
  const Opt<Ref<InotifyWatch>> w = r ? r->as<InotifyWatch>() : Opt<Ref<InotifyWatch>>();
  if (!w || !(*w)->inode()->watches.remove(owner_)) return Errc::invalid_argument;
  forget(wd);
  return Ok();
}

bool Inotify::any() const {
  return state_.with([](State& s) { return !s.events.empty(); });
}

Result<usize> Inotify::read(const Context& who, Writer& to) const {
  usize done = 0;
  for (;;) {
    const Result<Opt<Event>> next = state_.with([&](State& s) -> Result<Opt<Event>> {
      const Opt<u64> first = s.events.first_key();
      if (!first) return Opt<Event>();
      bool fits = false;
      s.events.with(*first, [&](Event& e) { fits = e.size() <= to.remaining(); });
      if (!fits) return Errc::invalid_argument;
      Opt<Event> e = s.events.remove(*first);
      s.bytes -= e->size();
      return e;
    });
    if (!next.ok()) return done != 0 ? Result<usize>(done) : Err(next.error());
    if (!next.value()) {
      if (done != 0) return done;
      if (nonblocking()) return Errc::again;
      if (!queue_.wait_until(Wait::interruptible, [&] { return any(); }).ok()) return Errc::restart_syscall;
      continue;
    }
    const Event& e = *next.value();
    const u32 room = static_cast<u32>(e.size() - 16);
    const Array<u32, 4> head{{static_cast<u32>(e.wd), e.mask, e.cookie, room}};
    if (TRY(to.write(as_bytes(head))) != 16) return Errc::fault;
    if (room != 0) {
      if (TRY(to.write(e.name.bytes())) != e.name.size()) return Errc::fault;
      if (TRY(to.fill_zero(room - e.name.size())) != room - e.name.size()) return Errc::fault;
    }
    done += e.size();
  }
}

Result<i64> Inotify::ioctl(const Context& who, u32 command, u64 argument) const {
  constexpr u32 kFionread = 0x541b;
  if (command != kFionread) return Errc::not_a_terminal;
  const u64 bytes = state_.with([](State& s) { return s.bytes; });
  TRY(user::write(who.address_space(), VirtAddr(argument), static_cast<i32>(bytes)));
  return 0;
}
PollEvents Inotify::poll() const { return any() ? poll::readable : PollEvents{}; }

String Inotify::fdinfo() const {
  const Vec<Ref<RefCounted>> all = state_.with([](State& s) {
    Vec<Ref<RefCounted>> out{};
    s.watches.each([&](const i32&, Ref<RefCounted>& r) { out.push_back(r); });
    return out;
  });
  String text{};
  for (const Ref<RefCounted>& r : all) {
    const Opt<Ref<InotifyWatch>> w = r.as<InotifyWatch>();
    if (!w) continue;
    const Ref<Inode>& i = (*w)->inode();
    const DevId d = i->file_system()->device();
    constexpr u32 kMinorBits = 20;
    ostd::format_to(text, "inotify wd:{:x} ino:{:x} sdev:{:x} mask:{:x} ignored_mask:0 \n", (*w)->wd(), i->ino(), d.major() << kMinorBits | d.minor(), (*w)->flags());
  }
  return text;
}

}  // namespace svc::fs
