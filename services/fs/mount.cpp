// SPDX-License-Identifier: MPL-2.0
// Mounts, namespaces of mounts, texts of paths.
#include <services/fs/mount.h>

namespace svc::fs {

Mount::Mount(Ref<FileSystem> fs, Ref<Dentry> root, String source, MountFlags flags, u32 id)
    : fs_(std::move(fs)), root_(std::move(root)), source_(std::move(source)), id_(id), where_(Where{}) {
  set_flags(flags);
  fs_->mounted();
}
Opt<Path> Mount::mount_point() const { return where_.with([](Where& w) { return w.at; }); }
MountFlags Mount::own_flags() const { return where_.with([](Where& w) { return w.flags; }); }
MountFlags Mount::flags() const {
  MountFlags f = own_flags();
  f.read_only = f.read_only || fs_->read_only();
  return f;
}
Status Mount::writable() const {
  if (flags().read_only) return Errc::read_only;
  return Ok();
}
void Mount::set_flags(MountFlags f) const {
  where_.with([&](Where& w) { w.flags = f; });
}

Cap<MountNamespace, mounts::change | mounts::copy | kDup> MountNamespace::create(Ref<Mount> root, Ref<DeviceTable> devices) {
  const MintKey key{};
  return Cap<MountNamespace, mounts::change | mounts::copy | kDup>::mint(key, make_ref<MountNamespace>(key, std::move(root), std::move(devices)));
}
MountNamespace::MountNamespace(const MintKey&, Ref<Mount> root, Ref<DeviceTable> devices) : root_(std::move(root)), devices_(std::move(devices)), state_(State{}) {
  state_.write([&](State& s) {
    s.next = root_->id() + 1;
    s.by_id.insert(root_->id(), root_);
  });
  devices_->add(root_->file_system());
}

Path MountNamespace::root() const { return {root_, root_->root()}; }

Path MountNamespace::cross(Path at) const {
  while (at.dentry->mounts_here_.load(Order::relaxed) != 0) {
    const Place key{at.mount.id(), at.dentry.id()};
    Opt<Ref<Mount>> on = state_.read([&](const State& s) {
      Opt<Ref<Mount>> top{};
      s.by_place.with(key, [&](const Vec<Ref<Mount>>& v) { top = v.back(); });
      return top;
    });
    if (!on) break;
    at = Path{*on, (*on)->root()};
  }
  return at;
}

void MountNamespace::attach_locked(State& s, const Ref<Mount>& m, const Path& at) {
  const Place key{at.mount.id(), at.dentry.id()};
  if (!s.by_place.with(key, [&](Vec<Ref<Mount>>& v) { v.push_back(m); })) {
    Vec<Ref<Mount>> v{};
    v.push_back(m);
    s.by_place.insert(key, std::move(v));
  }
  s.by_id.put(m->id(), m);
  m->where_.with([&](Mount::Where& w) { w.at = Opt<Path>(at); });
  at.dentry->mounts_here_.fetch_add(1);
}

// The place it was at, whose last reference may be this one.
Opt<Path> MountNamespace::detach_locked(State& s, const Ref<Mount>& m) {
  Opt<Path> point = m->mount_point();
  if (!point) return none;
  const Place key{point->mount.id(), point->dentry.id()};
  bool empty = false;
  s.by_place.with(key, [&](Vec<Ref<Mount>>& v) {
    for (usize i = 0; i < v.size(); ++i) {
      if (!v[i].same(m)) continue;
      static_cast<void>(v.remove(i));
      break;
    }
    empty = v.empty();
  });
  if (empty) s.by_place.remove(key);
  s.by_id.remove(m->id());
  point->dentry->mounts_here_.fetch_sub(1);
  m->where_.with([&](Mount::Where& w) { w.at = none; });
  return point;
}

Status MountNamespace::attach(const Ref<Mount>& m, const Path& at) const {
  state_.write([&](State& s) { attach_locked(s, m, at); });
  return Ok();
}

Status MountNamespace::mount(const Ref<FileSystem>& fs, String source, MountFlags flags, const Path& at) const {
  const Ref<Inode> root = fs->root();
  const Ref<Mount> m = make_ref<Mount>(fs, make_ref<Dentry>(String(), Opt<Ref<Dentry>>(), root), std::move(source), flags, next_id());
  // From here on the file system goes with its mount.
  if ((root->type() == FileType::directory) != (at.dentry->inode()->type() == FileType::directory)) return Errc::not_directory;
  devices_->add(fs);
  return attach(m, at);
}

Status MountNamespace::remount(const Path& at, MountFlags flags, Of what, std::string_view options) const {
  if (!at.dentry.same(at.mount->root())) return Errc::invalid_argument;
  const FileSystem& fs = *at.mount->file_system();
  const bool whole = what == Of::file_system;
  if (flags.read_only && (whole ? fs.writers_.load() : at.mount->writers_.load()) != 0) return Errc::busy;
  if (whole) {
    TRY(fs.reconfigure(options));
    fs.read_only_.store(flags.read_only ? 1 : 0);
  }
  at.mount->set_flags(flags);
  return Ok();
}

Status MountNamespace::detach(const Path& at, u32 flags) const {
  constexpr u32 kDetach = 2;
  if (at.mount.same(root_)) return (flags & kDetach) != 0 ? Errc::invalid_argument : Errc::busy;
  if (!at.dentry.same(at.mount->root())) return Errc::invalid_argument;
  Opt<Path> old{};
  return state_.write([&](State& s) -> Status {
    if (!at.mount->mount_point()) return Errc::invalid_argument;
    bool has_children = false;
    s.by_id.each([&](const u32&, Ref<Mount>& m) {
      const Opt<Path> p = m->mount_point();
      has_children = has_children || (p && p->mount.same(at.mount));
    });
    if (has_children) return Errc::busy;
    // In use: somebody besides this table, the walk's path and the mount's own root holds a dentry or file of it.
    if ((flags & kDetach) == 0 && at.mount->ref_count() > kIdleMountRefs) return Errc::busy;
    old = detach_locked(s, at.mount);
    return Ok();
  });
}

void MountNamespace::each(FnRef<void(const Ref<Mount>&)> f) const {
  Vec<Ref<Mount>> all = state_.read([](const State& s) {
    Vec<Ref<Mount>> out{};
    s.by_id.each([&](const u32&, const Ref<Mount>& m) { out.push_back(m); });
    return out;
  });
  for (const Ref<Mount>& m : all) f(m);
}

u32 MountNamespace::next_id() const {
  return state_.write([](State& s) { return s.next++; });
}

String path_text(const Path& p, const Path& root, Deleted deleted) {
  Vec<String> parts{};
  Path at = p;
  bool reached = true;
  for (u32 depth = 0; depth < 4096; ++depth) {
    if (at.dentry.same(root.dentry) && at.mount.same(root.mount)) break;
    if (at.dentry.same(at.mount->root())) {
      const Opt<Path> up = at.mount->mount_point();
      if (!up) {
        reached = at.mount.same(root.mount);
        break;
      }
      at = *up;
      continue;
    }
    const Opt<Ref<Dentry>> up = at.dentry->parent();
    if (!up && (depth != 0 || at.dentry->name().empty())) {  // not below the root of its mount
      parts.clear();
      break;
    }
    parts.push_back(at.dentry->name());
    if (!up) break;
    at.dentry = *up;
  }
  String out{};
  if (!reached && deleted == Deleted::plain) out.append("(unreachable)");
  for (usize i = parts.size(); i > 0; --i) {
    out.append('/');
    out.append(parts[i - 1].view());
  }
  if (parts.empty()) out.append('/');
  if (deleted == Deleted::mark && p.dentry->unlinked()) out.append(" (deleted)");
  return out;
}

}  // namespace svc::fs
