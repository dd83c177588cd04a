// SPDX-License-Identifier: MPL-2.0
// mount, umount2. [mount(2), umount(2)]
#include <services/process/filesystems.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_mount.h>

namespace svc::sys {
namespace {

namespace ms {
constexpr u64 read_only = 1, no_suid = 2, no_dev = 4, no_exec = 8, remount = 32, no_symfollow = 256, no_atime = 1024, bind = 4096, move = 8192,
              rec = 16384, silent = 32768, unbindable = 1 << 17, private_ = 1 << 18, slave = 1 << 19, shared = 1 << 20, relatime = 1 << 21,
              strictatime = 1 << 24, magic = 0xc0ed0000;
}
constexpr Array kNames{FlagName{ms::read_only, "MS_RDONLY"}, FlagName{ms::no_suid, "MS_NOSUID"}, FlagName{ms::no_dev, "MS_NODEV"},
    FlagName{ms::no_exec, "MS_NOEXEC"}, FlagName{ms::remount, "MS_REMOUNT"}, FlagName{ms::no_atime, "MS_NOATIME"}, FlagName{ms::bind, "MS_BIND"},
    FlagName{ms::move, "MS_MOVE"}, FlagName{ms::rec, "MS_REC"}, FlagName{ms::silent, "MS_SILENT"}, FlagName{ms::relatime, "MS_RELATIME"}};

fs::MountFlags to_flags(u64 f) {
  fs::MountFlags m{};
  m.read_only = (f & ms::read_only) != 0;
  m.no_suid = (f & ms::no_suid) != 0;
  m.no_dev = (f & ms::no_dev) != 0;
  m.no_exec = (f & ms::no_exec) != 0;
  m.no_atime = (f & ms::no_atime) != 0;
  m.no_symfollow = (f & ms::no_symfollow) != 0;
  m.relatime = (f & (ms::no_atime | ms::strictatime)) == 0;
  return m;
}

Result<String> optional_string(Caller& c, UserString s, usize max) {
  if (s.at.value == 0) return String();
  return user::read_string(c.address_space(), s.at, max);
}

// As Linux: what is there of a page, however it ends.
Result<String> options_text(Caller& c, UserString s) {
  if (s.at.value == 0) return String();
  Result<String> whole = user::read_string(c.address_space(), s.at, kPageSize - 1);
  if (whole.ok() || whole.error() == Errc::out_of_memory) return whole;
  const usize there = whole.error() == Errc::fault ? kPageSize - s.at.page_offset() : kPageSize - 1;
  Vec<u8> bytes = Vec<u8>::filled(there, 0);
  TRY(user::read_bytes(c.address_space(), s.at, bytes.items()));
  return String(bytes.items());
}

}  // namespace

std::span<const FlagName> MountFlagNames::names() { return kNames.items(); }

SysResult sys_mount(Caller& c, UserString source, UserPath target, UserString type, Flags<MountFlagNames, u64> flags, UserString data) {
  u64 f = flags.bits;
  if ((f & 0xffff0000) == ms::magic) f &= 0xffff;
  const String kind = TRY(optional_string(c, type, kPageSize - 1));
  const String from = TRY(optional_string(c, source, kPageSize - 1));
  const String options = TRY(options_text(c, data));
  const String p = TRY(read_path(c, target));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), c.fs()->cwd(), p.view(), fs::walk::follow));
  const auto ns = TRY(c.fs()->change_mounts(c));
  if ((f & ms::remount) != 0) {
    using Of = fs::MountNamespace::Of;
    TRY(ns.remount(at, to_flags(f), (f & ms::bind) != 0 ? Of::mount : Of::file_system, options.view()));
    return 0;
  }
  constexpr u64 kPropagation = ms::shared | ms::private_ | ms::slave | ms::unbindable;
  if ((f & (ms::bind | kPropagation)) == 0 && (f & ms::move) == 0 && type.at.value == 0) return Errc::invalid_argument;
  if ((f & ms::bind) == 0 && (f & kPropagation) != 0) {
    // Every mount is private: nothing is passed on.
    if (!at.dentry.same(at.mount->root()) || (f & (ms::shared | ms::unbindable)) != 0) return Errc::invalid_argument;
    return 0;
  }
  if ((f & (ms::bind | ms::move)) != 0) {
    if (from.empty()) return Errc::invalid_argument;
    const fs::Path what = TRY(fs::resolve(c, *c.fs(), c.fs()->cwd(), from.view(), fs::walk::follow));
    const auto below = (f & ms::rec) != 0 ? fs::MountNamespace::Below::bind : fs::MountNamespace::Below::leave;
    TRY((f & ms::bind) != 0 ? ns.bind(what, at, below) : ns.move(what, at));
    return 0;
  }
  const Ref<fs::FileSystem> made = TRY(proc::make_file_system(ns, c.system(), kind.view(), options.view()));
  TRY(ns.mount(made, from.empty() ? String("none") : from.copy(), to_flags(f), at));
  return 0;
}

// What is shared with other threads is copied; new namespaces, but for that of mounts, there are not yet.
SysResult sys_unshare(Caller& c, u64 flags) {
  constexpr u64 kVm = 0x100, kFs = 0x200, kFiles = 0x400, kSigHand = 0x800, kThread = 0x10000, kNewNs = 0x20000, kSysVSem = 0x40000;
  if ((flags & ~(kVm | kFs | kFiles | kSigHand | kThread | kNewNs | kSysVSem)) != 0) return Errc::invalid_argument;
  if ((flags & (kVm | kSigHand | kThread)) != 0 && c.process()->thread_count() > 1) return Errc::invalid_argument;
  if ((flags & kNewNs) != 0) {
    const Ref<fs::FsContext> old = c.fs();
    const fs::MountNamespace::Copy n = TRY(old->change_mounts(c)).copy();
    c.use_fs(make_ref<fs::FsContext>(n.ns.dup(), n.moved(old->root()), n.moved(old->cwd()), old->umask()));
  } else if ((flags & kFs) != 0) {
    c.use_fs(c.fs()->clone());
  }
  if ((flags & kFiles) != 0) c.use_files(TRY(c.files()->clone()));
  if ((flags & kSysVSem) != 0) c.me().leave_undo();
  return 0;
}

SysResult sys_umount2(Caller& c, UserPath target, u32 flags) {
  constexpr u32 kForce = 1, kDetach = 2, kExpire = 4, kNoFollow = 8;
  if ((flags & ~(kForce | kDetach | kExpire | kNoFollow)) != 0) return Errc::invalid_argument;
  if ((flags & kExpire) != 0) return Errc::invalid_argument;
  const auto ns = TRY(c.fs()->change_mounts(c));
  const String p = TRY(read_path(c, target));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), c.fs()->cwd(), p.view(), (flags & kNoFollow) != 0 ? 0 : fs::walk::follow));
  TRY(ns.detach(at, flags));
  return 0;
}

}  // namespace svc::sys
