// SPDX-License-Identifier: MPL-2.0
// Permissions, owners, times. [chmod(2), chown(2), utime(2), utimensat(2)]
#include <services/syscall/path_args.h>
#include <services/syscall/sys_dirs.h>

namespace svc::sys {
namespace {

constexpr DirFd kHere{kAtFdCwd};
constexpr u32 kNoFollow = 0x100, kEmptyPath = 0x1000;

SysResult zero(const Status& s) {
  if (!s.ok()) return Err(s.error());
  return 0;
}
// The place that (dir, path, flags) names; "" with AT_EMPTY_PATH is dir itself.
Result<fs::Path> place(Caller& c, DirFd dir, UserPath path, u32 flags) {
  const String p = TRY(read_path_maybe_empty(c, path));
  if (p.empty() && (flags & kEmptyPath) == 0) return Errc::not_found;
  const fs::Path start = TRY(start_of(c, dir, p.view()));
  const u32 walk = ((flags & kNoFollow) != 0 ? 0U : fs::walk::follow) | ((flags & kEmptyPath) != 0 ? fs::walk::empty_path : 0U);
  return fs::resolve(c, *c.fs(), start, p.view(), walk);
}
Result<fs::Path> place_of(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<fs::Path> at = f->path();
  if (!at) return Errc::invalid_argument;
  return *at;
}
// The inode of an open file that was opened at no place (a pipe, a socket).
Result<Opt<Ref<fs::Inode>>> nameless(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  return f->path() ? Opt<Ref<fs::Inode>>() : f->inode();
}
Opt<Uid> uid_arg(u32 v) { return v == ~0U ? Opt<Uid>() : Opt<Uid>(Uid{v}); }
Opt<Gid> gid_arg(u32 v) { return v == ~0U ? Opt<Gid>() : Opt<Gid>(Gid{v}); }

SysResult chmod_at(Caller& c, DirFd dir, UserPath path, ModeBits mode, u32 flags) {
  const fs::Path at = TRY(place(c, dir, path, flags));
  return zero(fs::change_mode(c, *c.fs(), at, mode.bits));
}
SysResult chown_at(Caller& c, DirFd dir, UserPath path, u32 uid, u32 gid, u32 flags) {
  const fs::Path at = TRY(place(c, dir, path, flags));
  return zero(fs::change_owner(c, *c.fs(), at, uid_arg(uid), gid_arg(gid)));
}

constexpr i64 kMaxSeconds = INT64_MAX / 1'000'000'000 - 1;
i64 clamp_seconds(i64 s) { return s > kMaxSeconds ? kMaxSeconds : s < -kMaxSeconds ? -kMaxSeconds : s; }

constexpr i64 kNow = 0x3fff'ffff, kOmit = 0x3fff'fffe;  // UTIME_NOW, UTIME_OMIT

Result<fs::TimeChange> time_change(const UserTimespec& t) {
  if (t.nanos == kNow) return fs::TimeChange{fs::TimeChange::Kind::now};
  if (t.nanos == kOmit) return fs::TimeChange{fs::TimeChange::Kind::omit};
  if (t.nanos < 0 || t.nanos >= 1'000'000'000) return Errc::invalid_argument;
  return fs::TimeChange{fs::TimeChange::Kind::set, FileTime{clamp_seconds(t.seconds) * 1'000'000'000 + t.nanos}};
}

// Both times, or now. Errors: EINVAL, EPERM, EACCES, EROFS.
SysResult set_timespecs(Caller& c, const fs::Path& at, const Vec<UserTimespec>& v) {
  fs::TimeChange a{fs::TimeChange::Kind::now}, m{fs::TimeChange::Kind::now};
  if (!v.empty()) {
    a = TRY(time_change(v[0]));
    m = TRY(time_change(v[1]));
  }
  return zero(fs::change_times(c, *c.fs(), at, a, m));
}

SysResult set_timevals(Caller& c, DirFd dir, UserPath path, UserPtr<UserTimeval> times) {
  fs::TimeChange a{fs::TimeChange::Kind::now}, m{fs::TimeChange::Kind::now};
  if (!times.null()) {
    const Vec<UserTimeval> v = TRY(user::read_array<UserTimeval>(c.address_space(), times.at, 2));
    if (v[0].micros < 0 || v[0].micros >= 1'000'000 || v[1].micros < 0 || v[1].micros >= 1'000'000) return Errc::invalid_argument;
    a = TRY(time_change({v[0].seconds, v[0].micros * 1000}));
    m = TRY(time_change({v[1].seconds, v[1].micros * 1000}));
  }
  const fs::Path at = TRY(place(c, dir, path, 0));
  return zero(fs::change_times(c, *c.fs(), at, a, m));
}

}  // namespace

SysResult sys_chmod(Caller& c, UserPath path, ModeBits mode) { return chmod_at(c, kHere, path, mode, 0); }
SysResult sys_fchmodat(Caller& c, DirFd dir, UserPath path, ModeBits mode) { return chmod_at(c, dir, path, mode, 0); }
SysResult sys_fchmodat2(Caller& c, DirFd dir, UserPath path, ModeBits mode, u32 flags) {
  if ((flags & ~(kNoFollow | kEmptyPath)) != 0) return Errc::invalid_argument;
  return chmod_at(c, dir, path, mode, flags);
}
SysResult sys_fchmod(Caller& c, Fd fd, ModeBits mode) {
  const Opt<Ref<fs::Inode>> i = TRY(nameless(c, fd));
  if (i) return zero(fs::change_mode(c, **i, mode.bits));
  const fs::Path at = TRY(place_of(c, fd));
  return zero(fs::change_mode(c, *c.fs(), at, mode.bits));
}

SysResult sys_chown(Caller& c, UserPath path, u32 uid, u32 gid) { return chown_at(c, kHere, path, uid, gid, 0); }
SysResult sys_lchown(Caller& c, UserPath path, u32 uid, u32 gid) { return chown_at(c, kHere, path, uid, gid, kNoFollow); }
SysResult sys_fchown(Caller& c, Fd fd, u32 uid, u32 gid) {
  const Opt<Ref<fs::Inode>> i = TRY(nameless(c, fd));
  if (i) return zero(fs::change_owner(c, **i, uid_arg(uid), gid_arg(gid)));
  const fs::Path at = TRY(place_of(c, fd));
  return zero(fs::change_owner(c, *c.fs(), at, uid_arg(uid), gid_arg(gid)));
}
SysResult sys_fchownat(Caller& c, DirFd dir, UserPath path, u32 uid, u32 gid, u32 flags) {
  if ((flags & ~(kNoFollow | kEmptyPath)) != 0) return Errc::invalid_argument;
  return chown_at(c, dir, path, uid, gid, flags);
}

SysResult sys_utime(Caller& c, UserPath path, UserPtr<UserUtimbuf> times) {
  fs::TimeChange a{fs::TimeChange::Kind::now}, m{fs::TimeChange::Kind::now};
  if (!times.null()) {
    const UserUtimbuf t = TRY(user::read<UserUtimbuf>(c.address_space(), times.at));
    a = TRY(time_change({t.atime, 0}));
    m = TRY(time_change({t.mtime, 0}));
  }
  const fs::Path at = TRY(place(c, kHere, path, 0));
  return zero(fs::change_times(c, *c.fs(), at, a, m));
}
SysResult sys_utimes(Caller& c, UserPath path, UserPtr<UserTimeval> times) { return set_timevals(c, kHere, path, times); }
SysResult sys_futimesat(Caller& c, DirFd dir, UserPath path, UserPtr<UserTimeval> times) { return set_timevals(c, dir, path, times); }

SysResult sys_utimensat(Caller& c, DirFd dir, UserPath path, UserPtr<UserTimespec> times, u32 flags) {
  Vec<UserTimespec> v{};
  if (!times.null()) {
    v = TRY(user::read_array<UserTimespec>(c.address_space(), times.at, 2));
    // Nothing to change: not even the path is looked at.
    if (v[0].nanos == kOmit && v[1].nanos == kOmit) return 0;
  }
  if ((flags & ~(kNoFollow | kEmptyPath)) != 0) return Errc::invalid_argument;
  if (path.at.value == 0 && dir.value != kAtFdCwd) {  // futimens
    if (flags != 0) return Errc::invalid_argument;
    const fs::Path at = TRY(place_of(c, Fd{dir.value}));
    return set_timespecs(c, at, v);
  }
  const fs::Path at = TRY(place(c, dir, path, flags));
  return set_timespecs(c, at, v);
}

}  // namespace svc::sys
