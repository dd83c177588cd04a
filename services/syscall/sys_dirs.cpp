// SPDX-License-Identifier: MPL-2.0
// Names: directories, links, rename; working directory. [the man pages of these names, section 2]
#include <base/bytes.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_dirs.h>

namespace svc::sys {
namespace {

constexpr DirFd kHere{kAtFdCwd};
constexpr u32 kRemoveDir = 0x200, kFollow = 0x400, kEmptyPath = 0x1000;

struct At {
  fs::Path start;
  String path;
};
Result<At> at_arg(Caller& c, DirFd dir, UserPath path) {
  String p = TRY(read_path(c, path));
  fs::Path start = TRY(start_of(c, dir, p.view()));
  return At{std::move(start), std::move(p)};
}
SysResult zero(const Status& s) {
  if (!s.ok()) return Err(s.error());
  return 0;
}

SysResult make_dir(Caller& c, DirFd dir, UserPath path, ModeBits mode) {
  const At a = TRY(at_arg(c, dir, path));
  fs::Inode::NewInode n{};
  n.type = fs::FileType::directory;
  n.mode = fs::Mode{static_cast<u16>(mode.bits & 01777)};
  return zero(fs::make_node(c, *c.fs(), a.start, a.path.view(), n));
}

SysResult make_special(Caller& c, DirFd dir, UserPath path, ModeBits mode, u32 device) {
  fs::Inode::NewInode n{};
  n.mode = fs::Mode{static_cast<u16>(mode.bits & 07777)};
  n.rdev = DevId{device};
  switch (mode.bits >> 12 & 15) {
    case 0:
    case 8: n.type = fs::FileType::regular; break;
    case 1: n.type = fs::FileType::fifo; break;
    case 2: n.type = fs::FileType::character; break;
    case 6: n.type = fs::FileType::block; break;
    case 12: n.type = fs::FileType::socket; break;
    case 4: return Errc::not_permitted;
    default: return Errc::invalid_argument;
  }
  const bool is_device = n.type == fs::FileType::character || n.type == fs::FileType::block;
  if (!is_device) n.rdev = DevId{};
  const At a = TRY(at_arg(c, dir, path));
  if (is_device && !c.capable(Capability::mknod)) return Errc::not_permitted;
  return zero(fs::make_node(c, *c.fs(), a.start, a.path.view(), n));
}

SysResult read_link(Caller& c, DirFd dir, UserPath path, UserBuffer to, i32 size) {
  if (size <= 0) return Errc::invalid_argument;
  const String p = TRY(read_path_maybe_empty(c, path));
  const fs::Path start = TRY(start_of(c, dir, p.view()));
  // "" names the link that dir itself is (O_PATH | O_NOFOLLOW).
  if (p.empty() && (dir.value == kAtFdCwd || start.dentry->inode()->type() != fs::FileType::symlink)) return Errc::not_found;
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), start, p.view(), fs::walk::empty_path));
  const String text = TRY(at.dentry->inode()->read_link(c));
  const usize n = text.size() < static_cast<usize>(size) ? text.size() : static_cast<usize>(size);
  TRY(user::write_bytes(c.address_space(), to.at, text.bytes().subspan(0, n)));
  return static_cast<i64>(n);
}

Status enter(Caller& c, const fs::Path& at) {
  if (at.dentry->inode()->type() != fs::FileType::directory) return Errc::not_directory;
  TRY(fs::check_access(c, *at.dentry->inode(), static_cast<u32>(fs::May::exec)));
  return Ok();
}

}  // namespace

SysResult sys_mkdir(Caller& c, UserPath path, ModeBits mode) { return make_dir(c, kHere, path, mode); }
SysResult sys_mkdirat(Caller& c, DirFd dir, UserPath path, ModeBits mode) { return make_dir(c, dir, path, mode); }
SysResult sys_mknod(Caller& c, UserPath path, ModeBits mode, u32 device) { return make_special(c, kHere, path, mode, device); }
SysResult sys_mknodat(Caller& c, DirFd dir, UserPath path, ModeBits mode, u32 device) { return make_special(c, dir, path, mode, device); }

SysResult sys_rmdir(Caller& c, UserPath path) {
  const At a = TRY(at_arg(c, kHere, path));
  return zero(fs::rmdir(c, *c.fs(), a.start, a.path.view()));
}
SysResult sys_unlink(Caller& c, UserPath path) {
  const At a = TRY(at_arg(c, kHere, path));
  return zero(fs::unlink(c, *c.fs(), a.start, a.path.view()));
}
SysResult sys_unlinkat(Caller& c, DirFd dir, UserPath path, u32 flags) {
  if ((flags & ~kRemoveDir) != 0) return Errc::invalid_argument;
  const At a = TRY(at_arg(c, dir, path));
  if ((flags & kRemoveDir) != 0) return zero(fs::rmdir(c, *c.fs(), a.start, a.path.view()));
  return zero(fs::unlink(c, *c.fs(), a.start, a.path.view()));
}

SysResult sys_link(Caller& c, UserPath from, UserPath to) { return sys_linkat(c, kHere, from, kHere, to, 0); }
SysResult sys_linkat(Caller& c, DirFd from_dir, UserPath from, DirFd to_dir, UserPath to, u32 flags) {
  if ((flags & ~(kFollow | kEmptyPath)) != 0) return Errc::invalid_argument;
  const String p = TRY(read_path_maybe_empty(c, from));
  if (p.empty() && (flags & kEmptyPath) == 0) return Errc::not_found;
  if (p.empty() && !c.capable(Capability::dac_read_search)) return Errc::not_found;
  const fs::Path start = TRY(start_of(c, from_dir, p.view()));
  const At b = TRY(at_arg(c, to_dir, to));
  const u32 walk = ((flags & kFollow) != 0 ? fs::walk::follow : 0U) | ((flags & kEmptyPath) != 0 ? fs::walk::empty_path : 0U);
  return zero(fs::hard_link(c, *c.fs(), start, p.view(), b.start, b.path.view(), walk));
}

SysResult sys_symlink(Caller& c, UserPath target, UserPath path) { return sys_symlinkat(c, target, kHere, path); }
SysResult sys_symlinkat(Caller& c, UserPath target, DirFd dir, UserPath path) {
  const String text = TRY(read_path(c, target));
  const At a = TRY(at_arg(c, dir, path));
  fs::Inode::NewInode n{};
  n.type = fs::FileType::symlink;
  n.target = text.copy();
  return zero(fs::make_node(c, *c.fs(), a.start, a.path.view(), n));
}
SysResult sys_readlink(Caller& c, UserPath path, UserBuffer to, i32 size) { return read_link(c, kHere, path, to, size); }
SysResult sys_readlinkat(Caller& c, DirFd dir, UserPath path, UserBuffer to, i32 size) { return read_link(c, dir, path, to, size); }

SysResult sys_rename(Caller& c, UserPath from, UserPath to) { return sys_renameat2(c, kHere, from, kHere, to, 0); }
SysResult sys_renameat(Caller& c, DirFd from_dir, UserPath from, DirFd to_dir, UserPath to) { return sys_renameat2(c, from_dir, from, to_dir, to, 0); }
SysResult sys_renameat2(Caller& c, DirFd from_dir, UserPath from, DirFd to_dir, UserPath to, u32 flags) {
  constexpr u32 kExchange = 2, kKnown = 7;
  if ((flags & ~kKnown) != 0 || ((flags & kExchange) != 0 && flags != kExchange)) return Errc::invalid_argument;
  const At a = TRY(at_arg(c, from_dir, from));
  const At b = TRY(at_arg(c, to_dir, to));
  return zero(fs::rename(c, *c.fs(), a.start, a.path.view(), b.start, b.path.view(), flags));
}

SysResult sys_getcwd(Caller& c, UserBuffer to, u64 size) {
  const fs::Path cwd = c.fs()->cwd();
  if (cwd.dentry->unlinked()) return Errc::not_found;
  String text = fs::path_text(cwd, c.fs()->root(), fs::Deleted::plain);
  text.append('\0');
  if (text.size() > size) return Errc::out_of_range;
  TRY(user::write_bytes(c.address_space(), to.at, text.bytes()));
  return static_cast<i64>(text.size());
}

SysResult sys_chdir(Caller& c, UserPath path) {
  const At a = TRY(at_arg(c, kHere, path));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), a.start, a.path.view(), fs::walk::follow));
  TRY(enter(c, at));
  c.fs()->set_cwd(at);
  return 0;
}
SysResult sys_fchdir(Caller& c, Fd fd) {
  const Ref<fs::File> f = TRY(c.files()->get(fd));
  const Opt<fs::Path> at = f->path();
  if (!at) return Errc::not_directory;
  TRY(enter(c, *at));
  c.fs()->set_cwd(*at);
  return 0;
}
SysResult sys_chroot(Caller& c, UserPath path) {
  const At a = TRY(at_arg(c, kHere, path));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), a.start, a.path.view(), fs::walk::follow));
  TRY(enter(c, at));
  if (!c.capable(Capability::sys_chroot)) return Errc::not_permitted;
  c.fs()->set_root(at);
  return 0;
}

SysResult sys_umask(Caller& c, ModeBits mask) { return static_cast<i64>(c.fs()->set_umask(mask.bits)); }

}  // namespace svc::sys
