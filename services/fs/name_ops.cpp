// SPDX-License-Identifier: MPL-2.0
// Operations on names: mkdir, mknod, symlink, unlink, rmdir, link, rename; and on attributes: chmod, chown, utime.
// [the man pages of these names, section 2]
#include <ostd/time.h>
#include <services/fs/namei.h>
#include <services/fs/posix_acl.h>
#include <services/fs/regular.h>

namespace svc::fs {
namespace {

constexpr u32 kWriteExec = 3;

Status may_change_dir(const Context& who, const Path& dir) {
  TRY(dir.mount->writable());
  TRY(check_access(who, *dir.dentry->inode(), kWriteExec));
  return Ok();
}

// Where names come by themselves a missing one is an error, not a place for a new file.
Status takes_new_names(const Inode& dir) {
  if (dir.file_system()->volatile_names()) return Errc::not_found;
  return Ok();
}

// A sticky directory lets only the owners of entry and directory remove entries.
Status check_sticky(const Context& who, const Inode& dir, const Inode& entry) {
  const Attr d = dir.attr();
  if ((d.mode.bits & 01000) == 0) return Ok();
  const Uid me = who.credentials().values().fsuid;
  if (d.uid == me || entry.attr().uid == me || who.capable(Capability::fowner)) return Ok();
  return Errc::not_permitted;
}

constexpr u32 dir_bit(FileType t) { return t == FileType::directory ? notice::is_dir : 0; }

// After the name d went: the object has one less, or is gone; then the directory. Alone: nobody else has it at hand, or open.
void tell_removed(const Inode& dir, const Ref<Dentry>& d, std::string_view name) {
  const Inode& inode = *d->inode();
  const FileType type = inode.type();
  if (type != FileType::directory) tell(inode, notice::attrib);
  if (d->ref_count() == 1 && inode.watches.any() && inode.attr().nlink == 0) tell_gone(inode);
  tell(dir, notice::removed | dir_bit(type), name);
}

// Runs f(child dentry) with the directory locked and the right to remove checked.
template <class F>
Status with_victim(const Context& who, const ParentOf& p, F f) {
  const Ref<Dentry>& dir = p.dir.dentry;
  return dir->dir_lock().with([&](u32&) -> Status {
    const Ref<Dentry> d = TRY(dir->child_locked(p.name.view()));
    TRY(may_change_dir(who, p.dir));
    TRY(check_sticky(who, *dir->inode(), *d->inode()));
    return f(d);
  });
}

}  // namespace

Result<Path> make_node_at(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const Inode::NewInode& what) {
  const ParentOf p = TRY(resolve_parent(who, fs, start, path));
  if (p.special) return Errc::exists;
  const Ref<Dentry>& dir = p.dir.dentry;
  return dir->dir_lock().with([&](u32&) -> Result<Path> {
    const Result<Ref<Dentry>> known = dir->child_locked(p.name.view());
    if (known.ok()) return Errc::exists;
    if (known.error() != Errc::not_found) return Err(known.error());
    if (p.trailing_slash && what.type != FileType::directory) return Errc::not_found;
    TRY(takes_new_names(*dir->inode()));
    TRY(may_change_dir(who, p.dir));
    if (dir->unlinked()) return Errc::not_found;
    Inode::NewInode n = new_inode(who, *dir->inode(), what.type, what.type == FileType::symlink ? 0777U : what.mode.bits, fs.umask());
    n.rdev = what.rdev;
    n.target = what.target.copy();
    const Ref<Inode> made = TRY(dir->inode()->create(p.name.view(), n));
    const Ref<Dentry> d = dir->attach(p.name.view(), made);
    tell(*dir->inode(), notice::create | dir_bit(what.type), p.name.view());
    return Path{p.dir.mount, d};
  });
}

Status make_node(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const Inode::NewInode& what) {
  TRY(make_node_at(who, fs, start, path, what));
  return Ok();
}

Status unlink(const Context& who, const FsContext& fs, const Path& start, std::string_view path) {
  const ParentOf p = TRY(resolve_parent(who, fs, start, path));
  if (p.special) return Errc::is_directory;
  return with_victim(who, p, [&](const Ref<Dentry>& d) -> Status {
    if (d->inode()->type() == FileType::directory) return Errc::is_directory;
    if (p.trailing_slash) return Errc::not_directory;
    if (d->covered()) return Errc::busy;
    TRY(p.dir.dentry->inode()->unlink(p.name.view()));
    p.dir.dentry->detach(p.name.view());
    tell_removed(*p.dir.dentry->inode(), d, p.name.view());
    return Ok();
  });
}

Status rmdir(const Context& who, const FsContext& fs, const Path& start, std::string_view path) {
  const ParentOf p = TRY(resolve_parent(who, fs, start, path));
  if (p.special) return p.name.view() == "." ? Errc::invalid_argument : p.name.view() == ".." ? Errc::not_empty : Errc::busy;
  return with_victim(who, p, [&](const Ref<Dentry>& d) -> Status {
    if (d->inode()->type() != FileType::directory) return Errc::not_directory;
    if (d->covered()) return Errc::busy;
    TRY(p.dir.dentry->inode()->rmdir(p.name.view()));
    p.dir.dentry->detach(p.name.view());
    tell_removed(*p.dir.dentry->inode(), d, p.name.view());
    return Ok();
  });
}

Status hard_link(const Context& who, const FsContext& fs, const Path& old_start, std::string_view old_path, const Path& new_start,
                 std::string_view new_path, u32 walk_flags) {
  const Path old = TRY(resolve(who, fs, old_start, old_path, walk_flags));
  const ParentOf p = TRY(resolve_parent(who, fs, new_start, new_path));
  if (p.special) return Errc::exists;
  const Ref<Dentry>& dir = p.dir.dentry;
  return dir->dir_lock().with([&](u32&) -> Status {
    const Result<Ref<Dentry>> known = dir->child_locked(p.name.view());
    if (known.ok()) return Errc::exists;
    if (known.error() != Errc::not_found) return Err(known.error());
    if (p.trailing_slash) return Errc::not_found;
    TRY(takes_new_names(*dir->inode()));
    if (!old.mount.same(p.dir.mount)) return Errc::cross_device;
    TRY(may_change_dir(who, p.dir));
    if (old.dentry->inode()->type() == FileType::directory) return Errc::not_permitted;
    if (old.dentry->inode()->attr().nlink == 0 && !old.dentry->inode()->linkable()) return Errc::not_found;
    TRY(dir->inode()->link(p.name.view(), old.dentry->inode()));
    const Ref<Dentry> d = dir->attach(p.name.view(), old.dentry->inode());
    tell(*old.dentry->inode(), notice::attrib);
    tell(*dir->inode(), notice::create, p.name.view());
    return Ok();
  });
}

namespace {

bool is_ancestor(const Ref<Dentry>& maybe, Ref<Dentry> of) {
  for (u32 depth = 0; depth < 4096; ++depth) {
    if (of.same(maybe)) return true;
    const Opt<Ref<Dentry>> up = of->parent();
    if (!up) return false;
    of = *up;
  }
  return false;
}

struct RenameEnds {
  ParentOf from;
  ParentOf to;
  Inode::RenameMode mode = Inode::RenameMode::replace;
  bool whiteout = false;  // something that hides a lower layer's file stays behind [renameat2(2)]
};

void tell_moved(const Inode& from, std::string_view name, const Inode& to, std::string_view to_name, const Inode& moved) {
  if (!from.watches.any() && !to.watches.any() && !moved.watches.any()) return;
  const Watch::About about{from.file_system()->next_cookie(), false};
  const u32 bit = dir_bit(moved.type());
  tell(from, notice::moved_from | bit, name, about);
  tell(to, notice::moved_to | bit, to_name, about);
}

Status rename_locked(const Context& who, const RenameEnds& r) {
  const Ref<Dentry>& a = r.from.dir.dentry;
  const Ref<Dentry>& b = r.to.dir.dentry;
  const Ref<Dentry> moving = TRY(a->child_locked(r.from.name.view()));
  const bool dir = moving->inode()->type() == FileType::directory;
  const Result<Ref<Dentry>> there = b->child_locked(r.to.name.view());
  if (!there.ok() && there.error() != Errc::not_found) return Err(there.error());
  if (there.ok() && r.mode == Inode::RenameMode::no_replace) return Errc::exists;
  if (!there.ok() && r.mode == Inode::RenameMode::exchange) return Errc::not_found;
  if (!dir && (r.from.trailing_slash || (r.to.trailing_slash && r.mode != Inode::RenameMode::exchange))) return Errc::not_directory;
  if (is_ancestor(moving, b)) return Errc::invalid_argument;
  if (there.ok() && is_ancestor(there.value(), a)) return r.mode == Inode::RenameMode::exchange ? Errc::invalid_argument : Errc::not_empty;
  TRY(may_change_dir(who, r.from.dir));
  TRY(check_sticky(who, *a->inode(), *moving->inode()));
  TRY(may_change_dir(who, r.to.dir));
  if (there.ok()) {
    TRY(check_sticky(who, *b->inode(), *there.value()->inode()));
    if (there.value()->inode().same(moving->inode())) return Ok();  // two names of one file: nothing to do
    if (there.value()->covered()) return Errc::busy;
  }
  if (moving->covered()) return Errc::busy;
  Opt<Ref<Inode>> left{};
  if (r.whiteout) left = TRY(a->inode()->create_nameless(new_inode(who, *a->inode(), FileType::character, 0, 0), Inode::Nameless::linkable));
  TRY(a->inode()->rename(r.from.name.view(), b->inode(), r.to.name.view(), r.mode));
  if (r.mode == Inode::RenameMode::exchange) a->exchanged(r.from.name.view(), *b, r.to.name.view());
  else a->moved(r.from.name.view(), *b, r.to.name.view());
  if (left) {
    TRY(a->inode()->link(r.from.name.view(), *left));  // its place was made above
    static_cast<void>(a->attach(r.from.name.view(), *left));
  }
  const Inode& mine = *moving->inode();
  tell_moved(*a->inode(), r.from.name.view(), *b->inode(), r.to.name.view(), mine);
  if (there.ok() && r.mode != Inode::RenameMode::exchange) tell(*there.value()->inode(), notice::attrib | dir_bit(there.value()->inode()->type()));
  tell(mine, notice::moved_self | dir_bit(mine.type()));
  if (there.ok() && r.mode == Inode::RenameMode::exchange) {
    const Inode& other = *there.value()->inode();
    tell_moved(*b->inode(), r.to.name.view(), *a->inode(), r.from.name.view(), other);
    tell(other, notice::moved_self | dir_bit(other.type()));
  }
  return Ok();
}

}  // namespace

Status rename(const Context& who, const FsContext& fs, const Path& old_start, std::string_view old_path, const Path& new_start,
              std::string_view new_path, u32 flags) {
  constexpr u32 kNoReplace = 1, kExchange = 2, kWhiteout = 4;
  if ((flags & ~(kNoReplace | kExchange | kWhiteout)) != 0 || ((flags & kExchange) != 0 && flags != kExchange)) return Errc::invalid_argument;
  RenameEnds r{TRY(resolve_parent(who, fs, old_start, old_path)), TRY(resolve_parent(who, fs, new_start, new_path))};
  r.whiteout = (flags & kWhiteout) != 0;
  if ((flags & kNoReplace) != 0) r.mode = Inode::RenameMode::no_replace;
  if (flags == kExchange) r.mode = Inode::RenameMode::exchange;
  if (!r.from.dir.mount.same(r.to.dir.mount)) return Errc::cross_device;
  if (r.from.special || r.to.special) return (flags & kNoReplace) != 0 && r.to.special && !r.from.special ? Errc::exists : Errc::busy;
  // One rename between directories at a time in a namespace: no two can build a loop; then both directories, by address.
  return fs.mounts()->rename_lock().with([&](u32&) -> Status {
    if (r.from.dir.dentry.same(r.to.dir.dentry)) return r.from.dir.dentry->dir_lock().with([&](u32&) { return rename_locked(who, r); });
    return lock_pair(r.from.dir.dentry->dir_lock(), r.to.dir.dentry->dir_lock(), [&](u32&, u32&) { return rename_locked(who, r); });
  });
}

Status change_mode(const Context& who, const FsContext& fs, const Path& at, u32 mode) {
  TRY(at.mount->writable());
  TRY(change_mode(who, *at.dentry->inode(), mode));
  tell_at(*at.dentry, notice::attrib, Done::by_name);
  return Ok();
}
Status change_mode(const Context& who, const Inode& inode, u32 mode) {
  const Attr a = inode.attr();
  if (who.credentials().values().fsuid != a.uid && !who.capable(Capability::fowner)) return Errc::not_permitted;
  if (a.type == FileType::symlink) return Errc::not_supported;
  u32 bits = mode & 07777;
  if ((bits & 02000) != 0 && !who.credentials().in_group(a.gid) && !who.capable(Capability::fsetid)) bits &= ~02000U;
  AttrChange c{};
  c.mode = Mode{static_cast<u16>(bits)};
  TRY(inode.set_attr(c));
  const Opt<Ref<Acl>> acl = inode.has_acl() ? inode.acl(AclKind::access) : Opt<Ref<Acl>>();
  return acl ? inode.set_acl(AclKind::access, Opt<Ref<Acl>>(acl_with_mode(**acl, static_cast<u16>(bits)))) : Ok();
}

Status change_owner(const Context& who, const FsContext& fs, const Path& at, Opt<Uid> uid, Opt<Gid> gid) {
  TRY(at.mount->writable());
  TRY(change_owner(who, *at.dentry->inode(), uid, gid));
  if (uid || gid) tell_at(*at.dentry, notice::attrib, Done::by_name);
  return Ok();
}
Status change_owner(const Context& who, const Inode& inode, Opt<Uid> uid, Opt<Gid> gid) {
  const Attr a = inode.attr();
  const CredentialValues& me = who.credentials().values();
  const bool privileged = who.capable(Capability::chown);
  if (uid && !privileged && !(me.fsuid == a.uid && *uid == a.uid)) return Errc::not_permitted;
  if (gid && !privileged && !(me.fsuid == a.uid && (who.credentials().in_group(*gid) || *gid == a.gid))) return Errc::not_permitted;
  AttrChange c{};
  c.uid = uid;
  c.gid = gid;
  // Set-id bits do not survive a change of owner, but for directories.
  if (a.type != FileType::directory && (a.mode.bits & 06000) != 0) {
    u16 bits = a.mode.bits & static_cast<u16>(~04000U);
    if ((bits & 02010) == 02010) bits &= static_cast<u16>(~02000U);
    c.mode = Mode{bits};
  }
  if (a.type != FileType::directory) TRY(drop_capabilities(inode));
  return inode.set_attr(c);
}

Status change_times(const Context& who, const FsContext& fs, const Path& at, TimeChange atime, TimeChange mtime) {
  using Kind = TimeChange::Kind;
  if (atime.kind == Kind::omit && mtime.kind == Kind::omit) return Ok();
  TRY(at.mount->writable());
  const Ref<Inode>& inode = at.dentry->inode();
  const bool owner = who.credentials().values().fsuid == inode->attr().uid || who.capable(Capability::fowner);
  if (!owner) {
    if (atime.kind != Kind::now || mtime.kind != Kind::now) return Errc::not_permitted;
    TRY(check_access(who, *inode, static_cast<u32>(May::write)));
  }
  const FileTime now{ostd::time::wall_now()};
  AttrChange c{};
  if (atime.kind != Kind::omit) c.atime = atime.kind == Kind::now ? now : atime.value;
  if (mtime.kind != Kind::omit) c.mtime = mtime.kind == Kind::now ? now : mtime.value;
  TRY(inode->set_attr(c));
  const bool a = atime.kind != Kind::omit, m = mtime.kind != Kind::omit;
  tell_at(*at.dentry, a && m ? notice::attrib : a ? notice::access : notice::modify, Done::by_name);
  return Ok();
}

}  // namespace svc::fs
