// SPDX-License-Identifier: MPL-2.0
// Telling watches.
#include <ostd/reservation.h>
#include <services/fs/mount.h>

namespace svc::fs {

Opt<Ref<Watch>> InodeWatches::get(u64 owner) const {
  return list_.with([&](Map<u64, Ref<Watch>>& m) { return m.get(owner); });
}
void InodeWatches::put(u64 owner, Ref<Watch> w) const {
  list_.with([&](Map<u64, Ref<Watch>>& m) {
    static_cast<void>(m.insert(owner, std::move(w)));
    any_.store(1);
  });
}
bool InodeWatches::remove(u64 owner) const {
  const Opt<Ref<Watch>> gone = list_.with([&](Map<u64, Ref<Watch>>& m) {
    Opt<Ref<Watch>> w = m.remove(owner);
    if (m.empty()) any_.store(0);
    return w;
  });
  return gone.has_value();
}
Vec<Ref<Watch>, 4> InodeWatches::wanting(u32 events) const {
  return list_.with([&](Map<u64, Ref<Watch>>& m) {
    Vec<Ref<Watch>, 4> out{};
    m.each([&](const u64&, Ref<Watch>& w) {
      if ((w->mask() & events) != 0) out.push_back(w);
    });
    return out;
  });
}
Vec<Ref<Watch>, 4> InodeWatches::take_all() const {
  Map<u64, Ref<Watch>> all = list_.with([&](Map<u64, Ref<Watch>>& m) {
    any_.store(0);
    return std::exchange(m, Map<u64, Ref<Watch>>());
  });
  Vec<Ref<Watch>, 4> out{};
  all.each([&](const u64&, Ref<Watch>& w) { out.push_back(w); });
  return out;
}

u64 FileSystemWatches::add(Weak<Watch> w) const {
  return state_.with([&](State& s) {
    s.all.insert(s.next, std::move(w));
    return s.next++;
  });
}
void FileSystemWatches::remove(u64 key) const {
  const Opt<Weak<Watch>> gone = state_.with([&](State& s) { return s.all.remove(key); });
}
void FileSystemWatches::unmounted() const {
  for (;;) {
    const Opt<Weak<Watch>> next = state_.with([](State& s) -> Opt<Weak<Watch>> {
      const Opt<u64> k = s.all.first_key();
      return k ? s.all.remove(*k) : Opt<Weak<Watch>>();
    });
    if (!next) return;
    const Opt<Ref<Watch>> w = next->lock();
    if (w) (*w)->unmounted();
  }
}

void tell(const Inode& inode, u32 events, std::string_view name, Watch::About about) {
  if (!inode.watches.any()) return;
  for (const Ref<Watch>& w : inode.watches.wanting(events)) w->tell(events, name, about);
}

void tell_at(const Dentry& d, u32 events, Done how) {
  if (!d.watched()) return;
  const u32 all = events | (d.inode()->type() == FileType::directory ? notice::is_dir : 0);
  const Opt<Ref<Dentry>> parent = d.parent();
  if (parent && (*parent)->inode()->watches.any()) {
    const String name = d.name();
    tell(*(*parent)->inode(), all, name.view(), {0, how == Done::by_file && d.unlinked()});
  }
  tell(*d.inode(), all);
}

void tell_gone(const Inode& inode) {
  if (!inode.watches.any()) return;
  tell(inode, notice::removed_self);
  for (const Ref<Watch>& w : inode.watches.take_all()) w->ended();
}

}  // namespace svc::fs
