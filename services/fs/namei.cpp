// SPDX-License-Identifier: MPL-2.0
// Path walking and permission checks. [path_resolution(7), access(2)]
#include <services/fs/namei.h>
#include <services/fs/posix_acl.h>

namespace svc::fs {
namespace {

constexpr u32 kMaxLinks = 40;
constexpr usize kNameMax = 255;

// One walk: where it is, how many links it has followed.
struct State {
  Path at;
  u32 links = 0;
};
constexpr u32 kScoped = walk::beneath | walk::in_root;

bool is_dir(const Path& p) { return p.dentry->inode()->type() == FileType::directory; }

// ".." does not leave the caller's root, and leaves a mount by its mount point.
Path parent_of(const Path& root, Path at) {
  for (;;) {
    if (at.dentry.same(root.dentry) && at.mount.same(root.mount)) return at;
    if (!at.dentry.same(at.mount->root())) {
      const Opt<Ref<Dentry>> up = at.dentry->parent();
      return up ? Path{at.mount, *up} : at;
    }
    const Opt<Path> point = at.mount->mount_point();
    if (!point) return at;
    at = *point;
  }
}

bool same_place(const Path& a, const Path& b) { return a.dentry.same(b.dentry) && a.mount.same(b.mount); }

Status move_to(const Scope& scope, State& s, Path next) {
  if ((scope.flags & walk::no_xdev) != 0 && !next.mount.same(s.at.mount)) return Errc::cross_device;
  s.at = std::move(next);
  return Ok();
}

// To where absolute paths begin.
Status jump_to_root(const FsContext& fs, const Scope& scope, State& s) {
  if ((scope.flags & walk::beneath) != 0) return Errc::cross_device;
  return move_to(scope, s, (scope.flags & walk::in_root) != 0 ? scope.root : fs.mounts()->cross(scope.root));
}

// Takes s.at one component further. A link that is to be followed is returned as its target text.
Result<Opt<String>> step(const Context& who, const FsContext& fs, const Scope& scope, State& s, std::string_view name, bool follow, bool cross) {
  if (!is_dir(s.at)) return Errc::not_directory;
  TRY(check_access(who, *s.at.dentry->inode(), static_cast<u32>(May::exec)));
  if (name == ".") return Opt<String>();
  if (name == "..") {
    if ((scope.flags & walk::beneath) != 0 && same_place(s.at, scope.root)) return Errc::cross_device;
    if ((scope.flags & kScoped) != 0 && same_place(s.at, scope.root)) return Opt<String>();
    TRY(move_to(scope, s, fs.mounts()->cross(parent_of(scope.root, s.at))));
    return Opt<String>();
  }
  if (name.size() > kNameMax) return Errc::name_too_long;
  const Ref<Dentry> child = TRY(s.at.dentry->child(name));
  if (child->inode()->type() != FileType::symlink || !follow) {
    const Path next{s.at.mount, child};
    TRY(move_to(scope, s, cross ? fs.mounts()->cross(next) : next));
    return Opt<String>();
  }
  if (++s.links > kMaxLinks || s.at.mount->flags().no_symfollow || (scope.flags & walk::no_links) != 0) return Errc::symlink_loop;
  Opt<Path> jump = TRY(child->inode()->follow_magic(who));
  if (jump) {
    if ((scope.flags & walk::no_magic_links) != 0) return Errc::symlink_loop;
    if ((scope.flags & kScoped) != 0) return Errc::cross_device;
    TRY(move_to(scope, s, *jump));
    return Opt<String>();
  }
  String target = TRY(child->inode()->read_link(who));
  if (target.empty()) return Errc::not_found;
  return Opt<String>(std::move(target));
}

// Not recursive: a link's text is put before what is left to walk.
Status walk_components(const Context& who, const FsContext& fs, const Scope& scope, State& s, std::string_view path, bool follow_last, bool cross_last) {
  String todo(path);
  usize i = 0;
  while (i < todo.size()) {
    if (todo[i] == '/') {
      ++i;
      continue;
    }
    const usize slash = todo.view().find('/', i);
    const usize end = slash == std::string_view::npos ? todo.size() : slash;
    const String name = todo.substr(i, end - i);
    const bool slashes_follow = end < todo.size();
    const bool last = todo.view().find_first_not_of('/', end) == std::string_view::npos;
    Opt<String> link = TRY(step(who, fs, scope, s, name.view(), !last || follow_last || slashes_follow, !last || cross_last));
    i = end;
    if (link) {
      if (link->view()[0] == '/') TRY(jump_to_root(fs, scope, s));
      if (slashes_follow) link->append(todo.view().substr(end));
      todo = std::move(*link);
      i = 0;
    } else if (last && slashes_follow && !is_dir(s.at)) {
      return Errc::not_directory;
    }
  }
  return Ok();
}

}  // namespace

namespace {

Status access_by_mode(const Context& who, const Inode& inode, u32 may) {
  const Attr a = inode.attr();
  const CredentialValues& c = who.credentials().values();
  u32 allowed = a.mode.bits & 7U;
  // A list speaks instead of the group bits, which are its mask.
  const Opt<Ref<Acl>> acl = inode.has_acl() && c.fsuid != a.uid && (a.mode.bits & 070) != 0 ? inode.acl(AclKind::access) : Opt<Ref<Acl>>();
  if (acl) allowed = acl_allows(who.credentials(), **acl, a.gid, may & 7).ok() ? 7 : 0;
  else if (c.fsuid == a.uid) allowed = a.mode.bits >> 6 & 7U;
  else if (who.credentials().in_group(a.gid)) allowed = a.mode.bits >> 3 & 7U;
  if ((may & ~allowed) == 0) return Ok();
  const bool dir = a.type == FileType::directory;
  // Root may do everything, but run a file only if somebody may.
  if (who.capable(Capability::dac_override) && (dir || (may & 1) == 0 || (a.mode.bits & 0111) != 0)) return Ok();
  if (who.capable(Capability::dac_read_search) && (may == 4 || (dir && (may & 2) == 0))) return Ok();
  return Errc::access_denied;
}

}  // namespace

Status check_access(const Context& who, const Inode& inode, u32 may) { return inode.permission(who, access_by_mode(who, inode, may)); }

Result<Path> resolve(const Context& who, const FsContext& fs, const Path& start, std::string_view path, u32 flags) {
  return resolve_in(who, fs, Scope{0, fs.root()}, start, path, flags);
}
Result<Path> resolve_in(const Context& who, const FsContext& fs, const Scope& scope, const Path& start, std::string_view path, u32 flags) {
  if (path.empty()) {
    if ((flags & walk::empty_path) != 0) return start;
    return Errc::not_found;
  }
  State s{start};
  if (path[0] == '/') {
    if ((scope.flags & walk::beneath) != 0) return Errc::cross_device;
    // The root itself may be covered, too.
    s.at = (scope.flags & walk::in_root) != 0 ? scope.root : fs.mounts()->cross(scope.root);
  }
  if (!is_dir(s.at)) return Errc::not_directory;
  const Status walked = walk_components(who, fs, scope, s, path, (flags & walk::follow) != 0, (flags & walk::no_mount_cross) == 0);
  // What is there is all in memory; what is not would have to be looked for.
  if (!walked.ok()) return walked.error() == Errc::not_found && (scope.flags & walk::cached) != 0 ? Errc::again : walked.error();
  if ((flags & walk::directory) != 0 && !is_dir(s.at)) return Errc::not_directory;
  return s.at;
}

Result<ParentOf> resolve_parent(const Context& who, const FsContext& fs, const Path& start, std::string_view path) {
  return resolve_parent_in(who, fs, Scope{0, fs.root()}, start, path);
}
Result<ParentOf> resolve_parent_in(const Context& who, const FsContext& fs, const Scope& scope, const Path& start, std::string_view path) {
  if (path.empty()) return Errc::not_found;
  const usize end = path.find_last_not_of('/');
  if (end == std::string_view::npos) {
    if ((scope.flags & walk::beneath) != 0) return Errc::cross_device;
    return ParentOf{scope.root, String("/"), false, true};
  }
  const bool slash = end + 1 != path.size();
  const std::string_view whole = path.substr(0, end + 1);
  const usize cut = whole.find_last_of('/');
  const std::string_view name = cut == std::string_view::npos ? whole : whole.substr(cut + 1);
  const std::string_view dir = cut == std::string_view::npos ? std::string_view() : whole.substr(0, cut + 1);
  const Path at = dir.empty() ? fs.mounts()->cross(start) : TRY(resolve_in(who, fs, scope, start, dir, walk::follow));
  if (!is_dir(at)) return Errc::not_directory;
  TRY(check_access(who, *at.dentry->inode(), static_cast<u32>(May::exec)));
  if (name.size() > kNameMax) return Errc::name_too_long;
  return ParentOf{at, String(name), slash, name == "." || name == ".."};
}

}  // namespace svc::fs
