// SPDX-License-Identifier: MPL-2.0
// Dentry: names and their cache. A directory knows its children weakly: a dentry lives as long as somebody uses it.
#include <base/format.h>
#include <services/fs/mount.h>

namespace svc::fs {

Dentry::Dentry(String name, Opt<Ref<Dentry>> parent, Ref<Inode> inode) : inode_(std::move(inode)), names_(Names{}) {
  names_.with([&](Names& n) {
    n.name = std::move(name);
    n.parent = std::move(parent);
  });
}

Dentry::~Dentry() {
  if (inode_->watches.any() && inode_->attr().nlink == 0) tell_gone(*inode_);
  Opt<Ref<Dentry>> up = parent();
  if (!up || unlinked()) return;
  const String mine = name();
  (*up)->names_.with([&](Names& n) {
    bool stale = false;
    n.children.with(mine.view(), [&](Weak<Dentry>& w) { stale = w.refers_to(*this); });
    if (stale) n.children.remove(mine.view());
  });
}

Ref<Dentry> Dentry::nameless(const Ref<Dentry>& dir, const Ref<Inode>& inode) {
  const Ref<Dentry> d = make_ref<Dentry>(ostd::format("#{}", inode->ino()), Opt<Ref<Dentry>>(dir), inode);
  d->unlinked_.store(1);
  if (dir->inode()->watches.any()) d->parent_watched_.store(1);
  return d;
}

String Dentry::name() const { return names_.with([](Names& n) { return n.name; }); }
Opt<Ref<Dentry>> Dentry::parent() const { return names_.with([](Names& n) { return n.parent; }); }

Opt<Ref<Dentry>> Dentry::cached(std::string_view name) const {
  return names_.with([&](Names& n) {
    Opt<Ref<Dentry>> found{};
    n.children.with(name, [&](Weak<Dentry>& w) { found = w.lock(); });
    return found;
  });
}

Result<Ref<Dentry>> Dentry::child_locked(std::string_view name) const {
  Opt<Ref<Dentry>> known = cached(name);
  if (known) {
    if (!inode_->file_system()->volatile_names()) return *known;
    if ((*known)->inode()->current()) return *known;
    detach(name);
  }
  const Ref<Inode> inode = TRY(inode_->lookup(name));
  return attach(name, inode);
}

Result<Ref<Dentry>> Dentry::child(std::string_view name) const {
  if (!inode_->file_system()->volatile_names()) {
    Opt<Ref<Dentry>> known = cached(name);
    if (known) return *known;
  }
  return dir_lock_.with([&](u32&) { return child_locked(name); });
}

Ref<Dentry> Dentry::attach(std::string_view name, const Ref<Inode>& inode) const {
  const Ref<Dentry> d = make_ref<Dentry>(String(name), Opt<Ref<Dentry>>(ref_of(*this)), inode);
  Opt<Weak<Dentry>> old = names_.with([&](Names& n) { return n.children.put(String(name), Weak<Dentry>(d)); });
  if (inode_->watches.any()) d->parent_watched_.store(1);
  return d;
}

void Dentry::watch_children() const {
  names_.with([](Names& n) {
    n.children.each([](const String&, Weak<Dentry>& w) {
      const Opt<Ref<Dentry>> d = w.lock();
      if (d) (*d)->parent_watched_.store(1);
    });
  });
}

void Dentry::detach(std::string_view name) const {
  const Opt<Ref<Dentry>> gone = cached(name);
  if (gone) (*gone)->unlinked_.store(1);
  Opt<Weak<Dentry>> old = names_.with([&](Names& n) { return n.children.remove(name); });
}

void Dentry::rename_to(std::string_view name, Opt<Ref<Dentry>> parent) const {
  String next(name);
  names_.with([&](Names& n) {
    std::swap(n.name, next);
    std::swap(n.parent, parent);
  });
  const Opt<Ref<Dentry>> now = this->parent();
  if (now && (*now)->inode()->watches.any()) parent_watched_.store(1);
}

void Dentry::moved(std::string_view from, const Dentry& to_dir, std::string_view to) const {
  const Opt<Ref<Dentry>> d = cached(from);
  to_dir.detach(to);
  Opt<Weak<Dentry>> old = names_.with([&](Names& n) { return n.children.remove(from); });
  if (!d) return;
  (*d)->rename_to(to, Opt<Ref<Dentry>>(ref_of(to_dir)));
  Opt<Weak<Dentry>> replaced = to_dir.names_.with([&](Names& n) { return n.children.put(String(to), Weak<Dentry>(*d)); });
}

void Dentry::exchanged(std::string_view a, const Dentry& other_dir, std::string_view b) const {
  const Opt<Ref<Dentry>> da = cached(a), db = other_dir.cached(b);
  Opt<Weak<Dentry>> old_a = names_.with([&](Names& n) { return n.children.remove(a); });
  Opt<Weak<Dentry>> old_b = other_dir.names_.with([&](Names& n) { return n.children.remove(b); });
  if (da) {
    (*da)->rename_to(b, Opt<Ref<Dentry>>(ref_of(other_dir)));
    other_dir.names_.with([&](Names& n) { n.children.put(String(b), Weak<Dentry>(*da)); });
  }
  if (db) {
    (*db)->rename_to(a, Opt<Ref<Dentry>>(ref_of(*this)));
    names_.with([&](Names& n) { n.children.put(String(a), Weak<Dentry>(*db)); });
  }
}

void DeviceTable::add(DevId number, Ref<Device> device) const {
  map_.with([&](Map<u64, Ref<Device>>& m) { m.put(number.value, std::move(device)); });
}
void DeviceTable::remove(DevId number) const {
  Opt<Ref<Device>> gone = map_.with([&](Map<u64, Ref<Device>>& m) { return m.remove(number.value); });
}
Opt<Ref<Device>> DeviceTable::find(DevId number) const {
  return map_.with([&](Map<u64, Ref<Device>>& m) { return m.get(number.value); });
}
// The dead ones go when the next one comes.
void DeviceTable::add(const Ref<FileSystem>& fs) const {
  struct Known { u64 number = 0; Weak<FileSystem> fs; };
  Vec<Known> all{};
  file_systems_.with([&](Map<u64, Weak<FileSystem>>& m) {
    m.each([&](const u64& k, Weak<FileSystem>& w) { all.push_back({k, w}); });
  });
  for (const Known& k : all) {
    if (k.fs.lock()) continue;
    const Opt<Weak<FileSystem>> gone = file_systems_.with([&](Map<u64, Weak<FileSystem>>& m) { return m.remove(k.number); });
  }
  const Opt<Weak<FileSystem>> old = file_systems_.with([&](Map<u64, Weak<FileSystem>>& m) { return m.put(fs->device().value, Weak<FileSystem>(fs)); });
}
Opt<Ref<FileSystem>> DeviceTable::file_system(DevId number) const {
  const Opt<Ref<FileSystem>> fs = file_systems_.with([&](Map<u64, Weak<FileSystem>>& m) {
    Opt<Ref<FileSystem>> found{};
    m.with(number.value, [&](Weak<FileSystem>& w) { found = w.lock(); });
    return found;
  });
  return fs && (*fs)->in_use() ? fs : Opt<Ref<FileSystem>>();
}
void DeviceTable::each(FnRef<void(DevId)> f) const {
  Vec<u64> all = map_.with([](Map<u64, Ref<Device>>& m) {
    Vec<u64> out{};
    m.each([&](const u64& k, Ref<Device>&) { out.push_back(k); });
    return out;
  });
  for (const u64& k : all) f(DevId{k});
}

}  // namespace svc::fs
