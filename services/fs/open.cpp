// SPDX-License-Identifier: MPL-2.0
// open: from a name to an open file description. [open(2)]
#include <services/fs/namei.h>
#include <services/fs/pipe.h>
#include <services/fs/posix_acl.h>
#include <services/fs/regular.h>

namespace svc::fs {
namespace {

u32 wanted_access(u32 flags) {
  const u32 mode = flags & oflag::access_mask;
  u32 may = mode == oflag::rdonly ? 4U : mode == oflag::wronly ? 2U : 6U;
  if ((flags & oflag::trunc) != 0) may |= 2;
  return may;
}

// The status flags that stay with the description.
u32 kept_flags(u32 flags) { return flags & ~(oflag::creat | oflag::excl | oflag::noctty | oflag::trunc | oflag::cloexec); }

Result<Ref<File>> make_file(const Context& who, const FsContext& fs, const Path& at, u32 flags) {
  const Ref<Inode>& inode = at.dentry->inode();
  Opt<Ref<File>> own = TRY(inode->open(OpenArgs{flags}, who));
  if (own) return *own;
  switch (inode->type()) {
    case FileType::character: {
      if (at.mount->flags().no_dev) return Errc::access_denied;
      const Opt<Ref<Device>> d = fs.mounts()->devices().find(inode->attr().rdev);
      if (!d) return Errc::no_device_address;
      return (*d)->open(OpenArgs{flags}, who);
    }
    case FileType::block: return at.mount->flags().no_dev ? Errc::access_denied : Errc::no_device_address;
    case FileType::fifo: return open_fifo(inode, flags);
    case FileType::socket:
    case FileType::anonymous: return Errc::no_device_address;
    case FileType::directory: return Ref<File>(make_ref<DirFile>(inode, kept_flags(flags)));
    case FileType::regular:
    case FileType::symlink: break;
  }
  return open_regular(inode, kept_flags(flags));
}

// Opens what is at `at`, checks included. created: just made by this call, so the mode does not limit its maker.
Result<Ref<File>> open_existing(const Context& who, const FsContext& fs, const Path& at, u32 flags, bool created) {
  const Ref<Inode>& inode = at.dentry->inode();
  const FileType type = inode->type();
  if ((flags & oflag::path) != 0) {
    if ((flags & oflag::directory) != 0 && type != FileType::directory) return Errc::not_directory;
    const Ref<File> f = make_ref<PathFile>(flags & (oflag::path | oflag::directory | oflag::nofollow));
    f->set_path(at);
    return f;
  }
  if ((flags & oflag::directory) != 0 && type != FileType::directory) return Errc::not_directory;
  if (type == FileType::symlink) return Errc::symlink_loop;
  const u32 may = wanted_access(flags);
  if (type == FileType::directory && ((may & 2) != 0 || (flags & oflag::creat) != 0)) return Errc::is_directory;
  if (!created) {
    if ((may & 2) != 0 && type == FileType::regular) TRY(at.mount->writable());
    TRY(check_access(who, *inode, may));
    if ((flags & oflag::noatime) != 0 && who.credentials().values().fsuid != inode->attr().uid && !who.capable(Capability::fowner)) return Errc::not_permitted;
  }
  const bool truncates = (flags & oflag::trunc) != 0 && type == FileType::regular && !created;
  if (truncates && inode->writers.load() < 0) return Errc::text_busy;  // O_RDONLY | O_TRUNC of a running program
  const Ref<File> f = TRY(make_file(who, fs, at, flags));
  f->set_path(at);
  if (truncates) {
    TRY(drop_set_ids(who, *inode));
    TRY(inode->truncate(0));
    f->note(notice::open);
    tell_at(*at.dentry, notice::modify, Done::by_name);
    return f;
  }
  f->note(notice::open);
  return f;
}

Result<Path> create_file(const Context& who, const FsContext& fs, const ParentOf& p, u32 mode, bool& created, bool exclusive) {
  const Ref<Dentry>& dir = p.dir.dentry;
  return dir->dir_lock().with([&](u32&) -> Result<Path> {
    const Result<Ref<Dentry>> known = dir->child_locked(p.name.view());
    if (known.ok()) {
      if (exclusive) return Errc::exists;
      return Path{p.dir.mount, known.value()};
    }
    if (known.error() != Errc::not_found) return Err(known.error());
    if (p.trailing_slash) return Errc::is_directory;
    if (dir->inode()->file_system()->volatile_names()) return Errc::not_found;
    TRY(p.dir.mount->writable());
    TRY(check_access(who, *dir->inode(), 3));
    if (dir->unlinked()) return Errc::not_found;
    const Ref<Inode> made = TRY(dir->inode()->create(p.name.view(), new_inode(who, *dir->inode(), FileType::regular, mode, fs.umask())));
    created = true;
    const Path at{p.dir.mount, dir->attach(p.name.view(), made)};
    tell(*dir->inode(), notice::create, p.name.view());
    return at;
  });
}

Scope scope_of(const FsContext& fs, const Path& start, const OpenHow& how) {
  return {how.walk, (how.walk & (walk::beneath | walk::in_root)) != 0 ? start : fs.root()};
}

Result<Ref<File>> open_nameless_in(const Context& who, const FsContext& fs, const Path& dir, const OpenHow& how);

Result<Ref<File>> open_nameless(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const OpenHow& how) {
  const Scope scope = scope_of(fs, start, how);
  return open_nameless_in(who, fs, TRY(resolve_in(who, fs, scope, start, path, walk::follow | walk::directory)), how);
}

Result<Ref<File>> open_nameless_in(const Context& who, const FsContext& fs, const Path& dir, const OpenHow& how) {
  TRY(dir.mount->writable());
  const Ref<Inode>& inode = dir.dentry->inode();
  TRY(check_access(who, *inode, 3));
  const Inode::Nameless kind = (how.flags & oflag::excl) != 0 ? Inode::Nameless::forever : Inode::Nameless::linkable;
  const Ref<Inode> made = TRY(inode->create_nameless(new_inode(who, *inode, FileType::regular, how.mode, fs.umask()), kind));
  const Path at{dir.mount, Dentry::nameless(dir.dentry, made)};
  const Ref<File> f = TRY(open_regular(made, kept_flags(how.flags & ~oflag::excl)));
  f->set_path(at);
  f->note(notice::open);
  return f;
}

}  // namespace

Status check_open_flags(u32 flags) {
  constexpr u32 kNamelessBit = oflag::tmpfile & ~oflag::directory;
  if ((flags & oflag::path) != 0) return Ok();
  if ((flags & oflag::creat) != 0 && (flags & oflag::directory) != 0) return Errc::invalid_argument;  // as Linux since 6.4
  if ((flags & kNamelessBit) == 0) return Ok();
  const u32 access = flags & oflag::access_mask;
  if ((flags & oflag::directory) == 0 || access == oflag::rdonly) return Errc::invalid_argument;
  return Ok();
}

Inode::NewInode new_inode(const Context& who, const Inode& dir, FileType type, u32 mode, u32 umask) {
  Inode::NewInode n{};
  n.type = type;
  n.mode = Mode{static_cast<u16>(mode & 07777)};
  n.uid = who.credentials().values().fsuid;
  n.gid = who.credentials().values().fsgid;
  const Attr d = dir.attr();
  if ((d.mode.bits & 02000) != 0) {  // setgid directories hand on their group, and directories the bit
    n.gid = d.gid;
    if (type == FileType::directory) n.mode.bits |= 02000;
    else if ((mode & 02010) == 02010 && !who.credentials().in_group(d.gid) && !who.capable(Capability::fsetid)) n.mode.bits &= static_cast<u16>(~02000U);
  }
  if (type == FileType::symlink) return n;
  const Opt<Ref<Acl>> standard = dir.acl(AclKind::standard);
  if (!standard) {
    n.mode.bits &= static_cast<u16>(~umask);
    return n;
  }
  const Inherited own = inherit_acl(**standard, n.mode.bits);
  n.mode = Mode{own.mode.bits};
  if (!own.mode.all) n.acl = own.acl;
  if (type == FileType::directory) n.standard_acl = standard;
  return n;
}

Result<Ref<File>> open(const Context& who, const FsContext& fs, const Path& start, std::string_view path, const OpenHow& how) {
  const u32 flags = how.flags;
  TRY(check_open_flags(flags));
  if ((flags & oflag::path) == 0 && (flags & oflag::tmpfile & ~oflag::directory) != 0) return open_nameless(who, fs, start, path, how);
  const Scope scope = scope_of(fs, start, how);
  if ((flags & oflag::path) != 0 || (flags & oflag::creat) == 0) {
    const Path at = TRY(resolve_in(who, fs, scope, start, path, (flags & oflag::nofollow) != 0 ? 0 : walk::follow));
    return open_existing(who, fs, at, flags, false);
  }
  // Each dangling or ordinary link in the last component moves the place of creation.
  Path from = start;
  String name(path);
  for (u32 links = 0; links <= 40; ++links) {
    const ParentOf p = TRY(resolve_parent_in(who, fs, scope, from, name.view()));
    if (p.special && p.name.view() == ".." && (how.walk & walk::beneath) != 0 && p.dir.dentry.same(start.dentry)) return Errc::cross_device;
    if (p.special) return Errc::is_directory;
    bool created = false;
    Path at = TRY(create_file(who, fs, p, how.mode, created, (flags & oflag::excl) != 0));
    if (created) return open_existing(who, fs, at, flags, true);
    at = fs.mounts()->cross(at);
    if ((how.walk & walk::no_xdev) != 0 && !at.mount.same(p.dir.mount)) return Errc::cross_device;
    if (at.dentry->inode()->type() == FileType::symlink && (flags & oflag::nofollow) == 0) {
      if ((how.walk & walk::no_links) != 0) return Errc::symlink_loop;
      const Opt<Path> jump = TRY(at.dentry->inode()->follow_magic(who));
      if (jump && (how.walk & walk::no_magic_links) != 0) return Errc::symlink_loop;
      if (jump && ((how.walk & (walk::beneath | walk::in_root)) != 0 || ((how.walk & walk::no_xdev) != 0 && !jump->mount.same(p.dir.mount)))) return Errc::cross_device;
      if (jump) return open_existing(who, fs, *jump, flags, false);
      name = TRY(at.dentry->inode()->read_link(who));
      if (name.empty()) return Errc::not_found;
      if (name.view()[0] == '/' && (how.walk & walk::beneath) != 0) return Errc::cross_device;
      from = p.dir;
      continue;
    }
    if (p.trailing_slash && at.dentry->inode()->type() != FileType::directory) return Errc::not_directory;
    return open_existing(who, fs, at, flags, false);
  }
  return Errc::symlink_loop;
}

Result<Ref<File>> open_path(const Context& who, const FsContext& fs, const Path& at, u32 flags) { return open_existing(who, fs, at, flags, true); }

Result<Ref<File>> open_found(const Context& who, const FsContext& fs, const Path& at, u32 flags) {
  TRY(check_open_flags(flags));
  const FileType type = at.dentry->inode()->type();
  if ((flags & oflag::path) == 0) {
    if (type == FileType::symlink) return Errc::symlink_loop;
    if ((flags & oflag::tmpfile & ~oflag::directory) != 0) return type == FileType::directory ? open_nameless_in(who, fs, at, OpenHow{flags}) : Result<Ref<File>>(Errc::not_directory);
    if ((flags & (oflag::creat | oflag::excl)) == (oflag::creat | oflag::excl)) return Errc::exists;
  }
  return open_existing(who, fs, at, flags, false);
}

// A name may be gone before the walk comes to it; then the inode has another one.
Result<Path> place_of(const Ref<Mount>& mount, const Ref<Inode>& inode) {
  constexpr u32 kTries = 16, kDeepest = 4096;
  Ref<Dentry> top = mount->root();
  for (Opt<Ref<Dentry>> up = top->parent(); up; up = top->parent()) top = *up;
  for (u32 i = 0; i < kTries; ++i) {
    Vec<String> names{};
    Ref<Inode> at = inode;
    while (!at.same(top->inode()) && names.size() < kDeepest) {
      Opt<Inode::Name> name = at->newest_name();
      if (!name) return Path{mount, Dentry::nameless(top, inode)};
      names.push_back(std::move(name->name));
      at = name->dir;
    }
    Ref<Dentry> here = top;
    bool lost = false;
    for (usize n = names.size(); n != 0 && !lost; --n) {
      const Result<Ref<Dentry>> next = here->child(names[n - 1].view());
      if (next.ok()) here = next.value();
      else if (next.error() != Errc::not_found && next.error() != Errc::not_directory) return next.error();
      else lost = true;
    }
    if (!lost && here->inode().same(inode)) return Path{mount, here};
  }
  return Errc::stale;
}

}  // namespace svc::fs
