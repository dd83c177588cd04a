// SPDX-License-Identifier: MPL-2.0
// stat and its relatives, statfs, access, getdents64. [stat(2), statx(2), statfs(2), access(2), getdents(2)]
#include <services/syscall/path_args.h>
#include <services/syscall/sys_dirs.h>
#include <services/syscall/sys_more_files.h>

namespace svc::sys {
namespace {

constexpr u32 kNoFollow = 0x100, kEAccess = 0x200, kNoAutomount = 0x800, kEmptyPath = 0x1000, kStatxSync = 0x6000;

struct Facts {
  fs::Attr attr{};
  DevId device{};
  u32 mount_id = 0;
  bool mount_root = false;
};

Facts facts_of(const fs::Path& at) { return {at.dentry->inode()->attr(), at.mount->file_system()->device(), at.mount->id(), at.dentry.same(at.mount->root())}; }

// Pipes, eventfds and other nameless files: as Linux shows its anonymous inode.
Facts nameless(const fs::File& f) {
  Facts x{};
  const Opt<Ref<fs::Inode>> i = f.inode();
  if (i) {
    x.attr = (*i)->attr();
    x.device = (*i)->file_system()->device();
    return x;
  }
  x.attr.ino = 1;
  x.attr.mode = fs::Mode{0600};
  x.attr.type = fs::FileType::anonymous;
  x.device = DevId::make(0, 15);
  return x;
}

u32 full_mode(const fs::Attr& a) { return static_cast<u32>(a.type) << 12 | a.mode.bits; }
u64 secs(FileTime t) { return static_cast<u64>(t.ns >= 0 ? t.ns / 1'000'000'000 : -((-t.ns + 999'999'999) / 1'000'000'000)); }
u64 nanos(FileTime t) { return static_cast<u64>(t.ns - static_cast<i64>(secs(t)) * 1'000'000'000); }

UserStat to_stat(const Facts& f) {
  const fs::Attr& a = f.attr;
  UserStat s{};
  s.w[0] = f.device.value;
  s.w[1] = a.ino;
  s.w[2] = a.nlink;
  s.w[3] = full_mode(a) | static_cast<u64>(a.uid.value) << 32;
  s.w[4] = a.gid.value;
  s.w[5] = a.rdev.value;
  s.w[6] = a.size;
  s.w[7] = a.block_size;
  s.w[8] = a.blocks;
  s.w[9] = secs(a.atime);
  s.w[10] = nanos(a.atime);
  s.w[11] = secs(a.mtime);
  s.w[12] = nanos(a.mtime);
  s.w[13] = secs(a.ctime);
  s.w[14] = nanos(a.ctime);
  return s;
}

Result<Facts> lookup_at(Caller& c, DirFd dir, UserPath path, u32 flags) {
  const String p = TRY(read_path_maybe_empty(c, path));
  if (p.empty()) {
    if ((flags & kEmptyPath) == 0) return Errc::not_found;
    if (dir.value == kAtFdCwd) return facts_of(c.fs()->cwd());
    const Ref<fs::File> f = TRY(c.files()->get(Fd{dir.value}));
    const Opt<fs::Path> at = f->path();
    return at ? facts_of(*at) : nameless(*f);
  }
  const fs::Path start = TRY(start_of(c, dir, p.view()));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), start, p.view(), (flags & kNoFollow) != 0 ? 0 : fs::walk::follow));
  return facts_of(at);
}

SysResult stat_at(Caller& c, DirFd dir, UserPath path, u32 flags, UserPtr<UserStat> out) {
  const Facts f = TRY(lookup_at(c, dir, path, flags));
  TRY(user::write(c.address_space(), out.at, to_stat(f)));
  return 0;
}

}  // namespace

SysResult sys_stat(Caller& c, UserPath path, UserPtr<UserStat> out) { return stat_at(c, DirFd{kAtFdCwd}, path, 0, out); }
SysResult sys_lstat(Caller& c, UserPath path, UserPtr<UserStat> out) { return stat_at(c, DirFd{kAtFdCwd}, path, kNoFollow, out); }
SysResult sys_fstat(Caller& c, Fd fd, UserPtr<UserStat> out) {
  const Ref<fs::File> f = TRY(c.files()->get(fd));
  const Opt<fs::Path> at = f->path();
  TRY(user::write(c.address_space(), out.at, to_stat(at ? facts_of(*at) : nameless(*f))));
  return 0;
}
SysResult sys_newfstatat(Caller& c, DirFd dir, UserPath path, UserPtr<UserStat> out, u32 flags) {
  if ((flags & ~(kNoFollow | kNoAutomount | kEmptyPath)) != 0) return Errc::invalid_argument;
  return stat_at(c, dir, path, flags, out);
}

SysResult sys_statx(Caller& c, DirFd dir, UserPath path, u32 flags, u32 mask, UserPtr<UserStatx> out) {
  constexpr u32 kReserved = 0x8000'0000, kBasic = 0x7ff, kBirth = 0x800, kMountId = 0x1000, kMountIdUnique = 0x4000;
  if ((mask & kReserved) != 0) return Errc::invalid_argument;
  if ((flags & ~(kNoFollow | kNoAutomount | kEmptyPath | kStatxSync)) != 0 || (flags & kStatxSync) == kStatxSync) return Errc::invalid_argument;
  const Facts f = TRY(lookup_at(c, dir, path, flags));
  const fs::Attr& a = f.attr;
  const auto pair = [](u64 low, u64 high) { return (low & 0xffff'ffff) | high << 32; };
  UserStatx s{};
  s.w[0] = pair(kBasic | (mask & kBirth) | ((mask & kMountIdUnique) != 0 ? kMountIdUnique : kMountId), a.block_size);
  s.w[1] = f.mount_root ? 0x2000 : 0;                          // attributes
  s.w[2] = pair(a.nlink, a.uid.value);
  s.w[3] = pair(a.gid.value, full_mode(a));
  s.w[4] = a.ino;
  s.w[5] = a.size;
  s.w[6] = a.blocks;
  s.w[7] = 0x20'3000;                                          // attributes_mask: automount, mount root, dax known
  s.w[8] = secs(a.atime);
  s.w[9] = nanos(a.atime);
  if ((mask & kBirth) != 0) {
    s.w[10] = secs(a.btime);
    s.w[11] = nanos(a.btime);
  }
  s.w[12] = secs(a.ctime);
  s.w[13] = nanos(a.ctime);
  s.w[14] = secs(a.mtime);
  s.w[15] = nanos(a.mtime);
  s.w[16] = pair(a.rdev.major(), a.rdev.minor());
  s.w[17] = pair(f.device.major(), f.device.minor());
  s.w[18] = f.mount_id;
  TRY(user::write(c.address_space(), out.at, s));
  return 0;
}

namespace {
SysResult write_statfs(Caller& c, const fs::StatFs& s, const fs::MountFlags& f, UserPtr<UserStatfs> out) {
  UserStatfs u{};
  u.w[0] = s.type_magic;
  u.w[1] = s.block_size;
  u.w[2] = s.blocks;
  u.w[3] = s.blocks_free;
  u.w[4] = s.blocks_free;
  u.w[5] = s.files;
  u.w[6] = s.files_free;
  u.w[7] = s.fsid;
  u.w[8] = s.name_max;
  u.w[9] = s.block_size;
  u.w[10] = 0x20 | (f.read_only ? 1U : 0U) | (f.no_suid ? 2U : 0U) | (f.no_dev ? 4U : 0U) | (f.no_exec ? 8U : 0U) | (f.no_atime ? 0x400U : 0U) |
            (f.relatime ? 0x1000U : 0U);
  TRY(user::write(c.address_space(), out.at, u));
  return 0;
}
}  // namespace

SysResult sys_statfs(Caller& c, UserPath path, UserPtr<UserStatfs> out) {
  const String p = TRY(read_path(c, path));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), c.fs()->cwd(), p.view(), fs::walk::follow));
  return write_statfs(c, at.mount->file_system()->statfs(), at.mount->flags(), out);
}
SysResult sys_fstatfs(Caller& c, Fd fd, UserPtr<UserStatfs> out) {
  const Ref<fs::File> f = TRY(c.files()->get(fd));
  const Opt<fs::Path> at = f->path();
  if (at) return write_statfs(c, at->mount->file_system()->statfs(), at->mount->flags(), out);
  fs::StatFs s{};
  s.type_magic = 0x50495045;  // PIPEFS_MAGIC
  return write_statfs(c, s, fs::MountFlags{}, out);
}

namespace {

// access(2) asks with the real ids; capabilities count only if the real user is root.
DetachedContext with_real_ids(const Caller& c) {
  CredentialValues v = c.credentials().values();
  v.fsuid = v.uid;
  v.fsgid = v.gid;
  v.effective = v.uid.value == 0 ? v.permitted : 0;
  return DetachedContext(make_ref<Credentials>(std::move(v)), c.vm().space_ref(), c.process_id(), c.thread_id(), ~0ULL);
}

Status check_at(const Context& who, Caller& c, DirFd dir, UserPath path, u32 mode, u32 flags) {
  if (mode > 7) return Errc::invalid_argument;
  const String p = TRY(read_path_maybe_empty(c, path));
  if (p.empty() && (flags & kEmptyPath) == 0) return Errc::not_found;
  const fs::Path start = TRY(start_of(c, dir, p.view()));
  const u32 walk = ((flags & kNoFollow) != 0 ? 0U : fs::walk::follow) | ((flags & kEmptyPath) != 0 ? fs::walk::empty_path : 0U);
  const fs::Path at = TRY(fs::resolve(who, *c.fs(), start, p.view(), walk));
  if (mode == 0) return Ok();
  const fs::FileType t = at.dentry->inode()->type();
  if ((mode & 1) != 0 && t == fs::FileType::regular && at.mount->flags().no_exec) return Errc::access_denied;
  TRY(fs::check_access(who, *at.dentry->inode(), mode));
  const bool on_disk = t == fs::FileType::regular || t == fs::FileType::directory || t == fs::FileType::symlink;
  if ((mode & 2) != 0 && on_disk) TRY(at.mount->writable());
  return Ok();
}

}  // namespace

SysResult sys_access(Caller& c, UserPath path, u32 mode) {
  TRY(check_at(with_real_ids(c), c, DirFd{kAtFdCwd}, path, mode, 0));
  return 0;
}
SysResult sys_faccessat(Caller& c, DirFd dir, UserPath path, u32 mode) {
  TRY(check_at(with_real_ids(c), c, dir, path, mode, 0));
  return 0;
}
SysResult sys_faccessat2(Caller& c, DirFd dir, UserPath path, u32 mode, u32 flags) {
  if ((flags & ~(kNoFollow | kEAccess | kEmptyPath)) != 0) return Errc::invalid_argument;
  if ((flags & kEAccess) != 0) TRY(check_at(c, c, dir, path, mode, flags));
  else TRY(check_at(with_real_ids(c), c, dir, path, mode, flags));
  return 0;
}

namespace {

// Packs linux_dirent64 records into a buffer of the OS.
class DirentSink final : public fs::DirSink {
 public:
  // old: the type is the last byte of a record.
  enum class Form : u8 { current, old };
  DirentSink(usize room, Form form) : room_(room), form_(form) { bytes_.reserve(room); }
  bool entry(std::string_view name, u64 ino, fs::FileType type, u64 next) override {
    const bool old = form_ == Form::old;
    const usize head = old ? 18 : 19, size = (head + name.size() + (old ? 2 : 1) + 7) & ~usize{7};
    if (bytes_.size() + size > room_) {
      too_small_ = bytes_.empty();
      return false;
    }
    put(ino, 8);
    put(next, 8);
    put(size, 2);
    if (!old) put(static_cast<u64>(type), 1);
    for (const char ch : name) bytes_.push_back(static_cast<u8>(ch));
    while (bytes_.size() % 8 != 0 || bytes_.size() < last_ + size) bytes_.push_back(0);
    last_ += size;
    if (old) bytes_[last_ - 1] = static_cast<u8>(type);
    return true;
  }
  const Vec<u8>& bytes() const [[clang::lifetimebound]] { return bytes_; }
  bool too_small() const { return too_small_; }

 private:
  void put(u64 v, u32 n) {
    for (u32 i = 0; i < n; ++i) bytes_.push_back(static_cast<u8>(v >> (i * 8) & 0xff));
  }
  usize room_;
  Form form_ = Form::current;
  usize last_ = 0;
  bool too_small_ = false;
  Vec<u8> bytes_{};
};

}  // namespace

namespace {
SysResult list_folder(Caller& c, Fd fd, UserBuffer to, u32 size, DirentSink::Form form) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const usize room = size < 32768 ? size : 32768;
  TRY(mem::reserve(16 + 2 * (room >> kPageShift)));  // a block of a power of two pages, and what the entry declares for the folder
  DirentSink sink(room, form);
  TRY(f.read_dir(c, sink));
  if (sink.too_small()) return Errc::invalid_argument;
  TRY(user::write_bytes(c.address_space(), to.at, sink.bytes().items()));
  return static_cast<i64>(sink.bytes().size());
}
}  // namespace

SysResult sys_getdents64(Caller& c, Fd fd, UserBuffer to, u32 size) { return list_folder(c, fd, to, size, DirentSink::Form::current); }
SysResult sys_getdents(Caller& c, Fd fd, UserBuffer to, u32 size) { return list_folder(c, fd, to, size, DirentSink::Form::old); }

}  // namespace svc::sys
