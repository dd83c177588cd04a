// SPDX-License-Identifier: MPL-2.0
// FsContext and File's common members.
#include <services/fs/fs_context.h>

namespace svc::fs {

FsContext::FsContext(Cap<MountNamespace, mounts::change | mounts::copy | kDup> ns, Path root, Path cwd, u32 umask) : umask_(umask), state_(State{std::move(ns), std::move(root), std::move(cwd)}) {}
Ref<MountNamespace> FsContext::mounts() const { return state_.with([](State& s) { return s.ns.ref(); }); }
Cap<MountNamespace, mounts::change | mounts::copy | kDup> FsContext::share() const {
  return state_.with([](State& s) { return s.ns.dup(); });
}
Result<Cap<MountNamespace, mounts::change | mounts::copy>> FsContext::change_mounts(const Context& who) const {
  if (!who.capable(Capability::sys_admin)) return Errc::not_permitted;
  return Cap<MountNamespace, mounts::change | mounts::copy>(share());
}
Path FsContext::root() const { return state_.with([](State& s) { return s.root; }); }
Path FsContext::cwd() const { return state_.with([](State& s) { return s.cwd; }); }
// The old place dies outside the spinlock.
void FsContext::set_root(Path p) const {
  state_.with([&](State& s) { std::swap(s.root, p); });
}
void FsContext::set_cwd(Path p) const {
  state_.with([&](State& s) { std::swap(s.cwd, p); });
}
Ref<FsContext> FsContext::clone() const { return make_ref<FsContext>(share(), root(), cwd(), umask()); }

File::File(u32 flags) : flags_(flags) {}
File::~File() {
  if (!path_only()) note(writable() ? notice::close_write : notice::close_nowrite);
}
void File::note(u32 events) const {
  if (place_.is_set() && place_.get()->watched()) tell_at(*place_.get()->path().dentry, events, Done::by_file);
}
Opt<Path> File::path() const {
  if (!place_.is_set()) return none;
  return place_.get()->path();
}
const FileLockHold& File::lock_hold(const Ref<Inode>& inode) const {
  if (!lock_hold_.is_set()) static_cast<void>(lock_hold_.set(make_ref<FileLockHold>(inode)));
  return *lock_hold_.get();
}
void File::set_path(Path p) const {
  const bool writes = writable() && p.dentry->inode()->type() == FileType::regular;
  static_cast<void>(place_.set(make_own<PlaceHolder>(std::move(p), writes ? PlaceHolder::Use::writes : PlaceHolder::Use::reads)));
}
Opt<Ref<Inode>> File::inode() const {
  if (!place_.is_set()) return none;
  return place_.get()->path().dentry->inode();
}
Result<Opt<Ref<File>>> Inode::open(const OpenArgs& args, const Context& who) const { return Opt<Ref<File>>(); }

Opt<Inode::Name> Inode::newest_name() const { return none; }
Result<Opt<Path>> Inode::follow_magic(const Context& who) const { return Opt<Path>(); }

}  // namespace svc::fs
