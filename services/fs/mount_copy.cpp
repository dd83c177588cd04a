// SPDX-License-Identifier: MPL-2.0
// Mounts in more than one place: binding, moving, copying a namespace; who writes through them. [mount(2), mount_namespaces(7)]
#include <services/fs/mount.h>

namespace svc::fs {
namespace {

bool is_dir(const Path& p) { return p.dentry->inode()->type() == FileType::directory; }

// Whether `at` is inside the mount `m` or in one that hangs below it.
bool below(const Ref<Mount>& m, Path at) {
  for (;;) {
    if (at.mount.same(m)) return true;
    const Opt<Path> up = at.mount->mount_point();
    if (!up) return false;
    at = *up;
  }
}
// Whether `at` is `from` or below it, in the tree of names.
bool reaches(const Path& from, Path at) {
  for (;;) {
    if (at.mount.same(from.mount) && at.dentry.same(from.dentry)) return true;
    if (!at.dentry.same(at.mount->root())) {
      const Opt<Ref<Dentry>> up = at.dentry->parent();
      if (!up) return false;
      at.dentry = *up;
      continue;
    }
    const Opt<Path> point = at.mount->mount_point();
    if (!point) return false;
    at = *point;
  }
}

}  // namespace

void PlaceHolder::count(i32 change) const {
  if (use_ != Use::writes) return;
  path_.mount->writers_.fetch_add(static_cast<u32>(change));
  path_.mount->file_system()->writers_.fetch_add(static_cast<u32>(change));
}

MountNamespace::~MountNamespace() {
  state_.write([&](State& s) {
    s.by_id.each([](const u32&, Ref<Mount>& m) {
      const Opt<Path> at = m->mount_point();
      if (at) at->dentry->mounts_here_.fetch_sub(1);
    });
  });
}

Status MountNamespace::bind(const Path& from, const Path& at, Below how) const {
  if (is_dir(from) != is_dir(at)) return Errc::not_directory;
  struct Copy { Ref<Mount> old, fresh; };
  Vec<Copy> copies{};
  copies.push_back({from.mount, make_ref<Mount>(from.mount->file_system(), from.dentry, from.mount->source(), from.mount->own_flags(), next_id())});
  if (how == Below::bind) {
    each([&](const Ref<Mount>& m) {
      const Opt<Path> point = m->mount_point();
      if (!point || m.same(from.mount) || !reaches(from, *point)) return;
      copies.push_back({m, make_ref<Mount>(m->file_system(), m->root(), m->source(), m->own_flags(), next_id())});
    });
  }
  TRY(attach(copies[0].fresh, at));
  for (usize i = 1; i < copies.size(); ++i) {
    const Opt<Path> point = copies[i].old->mount_point();
    for (usize k = 0; k < copies.size() && point; ++k)
      if (copies[k].old.same(point->mount)) TRY(attach(copies[i].fresh, Path{copies[k].fresh, point->dentry}));
  }
  return Ok();
}

Status MountNamespace::move(const Path& from, const Path& at) const {
  if (!from.dentry.same(from.mount->root()) || from.mount.same(root_) || is_dir(from) != is_dir(at)) return Errc::invalid_argument;
  if (below(from.mount, at)) return Errc::symlink_loop;
  Opt<Path> old{};
  return state_.write([&](State& s) -> Status {
    old = detach_locked(s, from.mount);
    if (!old) return Errc::invalid_argument;
    attach_locked(s, from.mount, at);
    return Ok();
  });
}

MountNamespace::Copy MountNamespace::copy() const {
  Vec<Ref<Mount>> all{};
  each([&](const Ref<Mount>& m) { all.push_back(m); });
  const Ref<Mount> root = make_ref<Mount>(root_->file_system(), root_->root(), root_->source(), root_->own_flags(), root_->id());
  Copy made{create(root, devices_)};
  made.mounts.insert(root_->id(), root);
  for (const Ref<Mount>& m : all)
    if (!m.same(root_)) made.mounts.insert(m->id(), make_ref<Mount>(m->file_system(), m->root(), m->source(), m->own_flags(), made.ns->next_id()));
  for (const Ref<Mount>& m : all) {
    const Opt<Path> at = m->mount_point();
    if (!at) continue;
    const Opt<Ref<Mount>> parent = made.mounts.get(at->mount->id()), fresh = made.mounts.get(m->id());
    if (parent && fresh) static_cast<void>(made.ns->attach(*fresh, Path{*parent, at->dentry}).ok());
  }
  return made;
}

Path MountNamespace::Copy::moved(const Path& from) const {
  const Opt<Ref<Mount>> m = mounts.get(from.mount->id());
  return m ? Path{*m, from.dentry} : from;
}

}  // namespace svc::fs
