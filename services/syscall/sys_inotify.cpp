// SPDX-License-Identifier: MPL-2.0
// inotify. [inotify_init(2), inotify_add_watch(2), inotify_rm_watch(2)]
#include <services/fs/inotify.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_inotify.h>

namespace svc::sys {
namespace {

namespace o = fs::oflag;
constexpr u32 kOnlyDir = 0x0100'0000, kDontFollow = 0x0200'0000;
constexpr u32 kKnown = fs::notice::all | fs::notice::unmount | fs::notice::overflow | fs::notice::ignored | fs::notice::is_dir | kOnlyDir | kDontFollow |
                       fs::Inotify::kExclUnlink | fs::Inotify::kMaskCreate | fs::Inotify::kMaskAdd | fs::Inotify::kOneshot;

Result<Ref<fs::Inotify>> instance(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<Ref<fs::Inotify>> i = f.ref().as<fs::Inotify>();
  if (!i) return Errc::invalid_argument;
  return *i;
}

}  // namespace

SysResult sys_inotify_init(Caller& c) { return sys_inotify_init1(c, 0); }
SysResult sys_inotify_init1(Caller& c, u32 flags) {
  if ((flags & ~(o::cloexec | o::nonblock)) != 0) return Errc::invalid_argument;
  Ref<fs::File> f = TRY(fs::Inotify::create(c.system().inotify(), c.credentials().values().uid, o::rdonly | (flags & o::nonblock)));
  const fs::CloseOnExec cloexec = (flags & o::cloexec) != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no;
  const Fd fd = TRY(c.files()->install(std::move(f), cloexec, c.process()->limit(proc::Resource::nofile).soft));
  return static_cast<i64>(fd.value);
}

SysResult sys_inotify_add_watch(Caller& c, Fd fd, UserPath path, u32 mask) {
  if ((mask & ~kKnown) != 0 || mask == 0) return Errc::invalid_argument;
  static_cast<void>(TRY(c.files()->get<fs::file::control>(fd)));
  if ((mask & fs::Inotify::kMaskAdd) != 0 && (mask & fs::Inotify::kMaskCreate) != 0) return Errc::invalid_argument;
  const Ref<fs::Inotify> i = TRY(instance(c, fd));
  const String p = TRY(read_path(c, path));
  const fs::Path start = TRY(start_of(c, DirFd{kAtFdCwd}, p.view()));
  const u32 walk = ((mask & kDontFollow) != 0 ? 0U : fs::walk::follow) | ((mask & kOnlyDir) != 0 ? fs::walk::directory : 0U);
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), start, p.view(), walk));
  TRY(fs::check_access(c, *at.dentry->inode(), static_cast<u32>(fs::May::read)));
  const i32 wd = TRY(i->add(at.dentry->inode(), mask));
  at.dentry->watch_children();
  return static_cast<i64>(wd);
}

SysResult sys_inotify_rm_watch(Caller& c, Fd fd, i32 wd) {
  const Ref<fs::Inotify> i = TRY(instance(c, fd));
  TRY(i->remove(wd));
  return 0;
}

}  // namespace svc::sys
