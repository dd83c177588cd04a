// SPDX-License-Identifier: MPL-2.0
// open, close and sizes. [open(2), close(2), close_range(2), truncate(2), fallocate(2)]
#include <services/fs/namei.h>
#include <services/fs/regular.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_files.h>

namespace svc::sys {
namespace {

namespace o = fs::oflag;
constexpr Array kOpenNames{
    FlagName{o::rdwr, "O_RDWR"}, FlagName{o::wronly, "O_WRONLY"}, FlagName{o::creat, "O_CREAT"}, FlagName{o::excl, "O_EXCL"},
    FlagName{o::noctty, "O_NOCTTY"}, FlagName{o::trunc, "O_TRUNC"}, FlagName{o::append, "O_APPEND"}, FlagName{o::nonblock, "O_NONBLOCK"},
    FlagName{o::sync, "O_SYNC"}, FlagName{o::dsync, "O_DSYNC"}, FlagName{o::direct, "O_DIRECT"}, FlagName{o::largefile, "O_LARGEFILE"},
    FlagName{o::tmpfile, "O_TMPFILE"}, FlagName{o::directory, "O_DIRECTORY"}, FlagName{o::nofollow, "O_NOFOLLOW"},
    FlagName{o::noatime, "O_NOATIME"}, FlagName{o::cloexec, "O_CLOEXEC"}, FlagName{o::path, "O_PATH"}};

fs::CloseOnExec cloexec_of(u32 flags) { return (flags & o::cloexec) != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no; }

SysResult do_open(Caller& c, DirFd dir, UserPath path, u32 flags, u32 mode) {
  TRY(fs::check_open_flags(flags));
  const String p = TRY(read_path(c, path));
  TRY(c.files()->room(c.process()->limit(proc::Resource::nofile).soft));
  const fs::Path start = TRY(start_of(c, dir, p.view()));
  fs::OpenHow how{flags | o::largefile, mode & 07777};
  if ((flags & o::path) != 0) how.flags &= o::path | o::directory | o::nofollow | o::cloexec;
  Ref<fs::File> f = TRY(fs::open(c, *c.fs(), start, p.view(), how));
  const Fd fd = TRY(c.files()->install(std::move(f), cloexec_of(flags), c.process()->limit(proc::Resource::nofile).soft));
  return static_cast<i64>(fd.value);
}

// RLIMIT_FSIZE for calls that grow a file.
Status check_size(Caller& c, u64 size, u64 old) {
  if (size > old && size > c.file_size_limit()) {
    c.signal_self(proc::sig::xfsz);
    return Errc::file_too_large;
  }
  return Ok();
}

}  // namespace

std::span<const FlagName> OpenFlagNames::names() { return kOpenNames.items(); }

SysResult sys_open(Caller& c, UserPath path, OpenFlags flags, ModeBits mode) { return do_open(c, DirFd{kAtFdCwd}, path, flags.bits, mode.bits); }
SysResult sys_openat(Caller& c, DirFd dir, UserPath path, OpenFlags flags, ModeBits mode) { return do_open(c, dir, path, flags.bits, mode.bits); }
SysResult sys_creat(Caller& c, UserPath path, ModeBits mode) {
  return do_open(c, DirFd{kAtFdCwd}, path, o::creat | o::wronly | o::trunc, mode.bits);
}

SysResult sys_close(Caller& c, Fd fd) {
  const Ref<fs::File> f = TRY(c.files()->remove(fd));
  c.files()->closed(*f);
  return 0;
}

SysResult sys_close_range(Caller& c, u32 first, u32 last, u32 flags) {
  constexpr u32 kUnshare = 2, kCloexec = 4;
  if ((flags & ~(kUnshare | kCloexec)) != 0 || first > last) return Errc::invalid_argument;
  if ((flags & kUnshare) != 0) c.use_files(TRY(c.files()->clone()));
  if ((flags & kCloexec) != 0) {
    c.files()->set_cloexec_range(first, last);
    return 0;
  }
  for (;;) {
    const Opt<Ref<fs::File>> f = c.files()->remove_next(first, last, fs::FdTable::Which::all);
    if (!f) return 0;
    c.files()->closed(**f);
    ostd::task::preempt_point();
  }
  return 0;
}

SysResult sys_truncate(Caller& c, UserPath path, i64 size) {
  if (size < 0) return Errc::invalid_argument;
  const String p = TRY(read_path(c, path));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), c.fs()->cwd(), p.view(), fs::walk::follow));
  const Ref<fs::Inode>& inode = at.dentry->inode();
  if (inode->type() == fs::FileType::directory) return Errc::is_directory;
  if (inode->type() != fs::FileType::regular) return Errc::invalid_argument;
  TRY(at.mount->writable());
  TRY(fs::check_access(c, *inode, static_cast<u32>(fs::May::write)));
  if (inode->writers.load() < 0) return Errc::text_busy;
  TRY(check_size(c, static_cast<u64>(size), inode->attr().size));
  TRY(fs::drop_set_ids(c, *inode));
  TRY(inode->truncate(static_cast<u64>(size)));
  fs::tell_at(*at.dentry, fs::notice::modify, fs::Done::by_name);
  return 0;
}

SysResult sys_ftruncate(Caller& c, Fd fd, i64 size) {
  if (size < 0) return Errc::invalid_argument;
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  const Opt<Ref<fs::Inode>> inode = f->inode();
  const Cap<fs::File, fs::file::write> writable = TRY(f.share<fs::file::write>(Errc::invalid_argument));
  if (inode && (*inode)->type() != fs::FileType::regular) return Errc::invalid_argument;
  if (inode) TRY(check_size(c, static_cast<u64>(size), (*inode)->attr().size));
  if (inode) TRY(fs::drop_set_ids(c, **inode));
  TRY(writable.truncate(static_cast<u64>(size)));
  return 0;
}

SysResult sys_fallocate(Caller& c, Fd fd, u32 mode, i64 offset, i64 length) {
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  if (offset < 0 || length <= 0) return Errc::invalid_argument;
  // One mode at most; files in memory have only the first two.
  constexpr u32 kKeepSize = 1, kPunchHole = 2, kCollapse = 8, kZero = 16, kInsert = 32, kUnshare = 64;
  const u32 what = mode & ~kKeepSize;
  if (what != 0 && what != kPunchHole && what != kCollapse && what != kZero && what != kInsert && what != kUnshare) return Errc::not_supported;
  if (what == kPunchHole ? (mode & kKeepSize) == 0 : (what == kCollapse || what == kInsert) && (mode & kKeepSize) != 0) return Errc::not_supported;
  const Cap<fs::File, fs::file::write> writable = TRY(f.share<fs::file::write>(Errc::bad_descriptor));
  const Opt<Ref<fs::Inode>> inode = f->inode();
  if (inode && (*inode)->type() == fs::FileType::fifo) return Errc::illegal_seek;
  if (inode && (*inode)->type() == fs::FileType::directory) return Errc::is_directory;
  if (inode && (*inode)->type() != fs::FileType::regular) return Errc::no_device;
  if (offset > INT64_MAX - length) return Errc::file_too_large;
  if (inode) TRY(check_size(c, static_cast<u64>(offset + length), what == 0 ? (*inode)->attr().size : ~0ULL));
  TRY(writable.fallocate(mode, static_cast<u64>(offset), static_cast<u64>(length)));
  return 0;
}

}  // namespace svc::sys
