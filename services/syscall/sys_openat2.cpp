// SPDX-License-Identifier: MPL-2.0
// openat2 and the calls that take hints about pages. [openat2(2), sync_file_range(2), readahead(2), cachestat(2)]
#include <base/bytes.h>
#include <services/fs/namei.h>
#include <services/fs/regular.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_more_files.h>

namespace svc::sys {
namespace {

namespace o = fs::oflag;
constexpr u32 kValidOpen = o::access_mask | o::creat | o::excl | o::noctty | o::trunc | o::append | o::nonblock | o::sync | o::dsync | o::async | o::direct |
                           o::largefile | o::directory | o::nofollow | o::noatime | o::cloexec | o::path | o::tmpfile;
constexpr u64 kNoNotify = 0x200'0000;  // Linux takes and drops it
namespace resolving {
constexpr u64 beneath = 8, in_root = 16, cached = 32, all = 63;
}

// A structure that may be longer than ours, if only zeros follow. Errors: argument_list_too_long, fault.
Status only_zeros(Caller& c, VirtAddr at, u64 size) {
  constexpr u64 kPiece = 256;
  for (u64 done = 0; done < size; done += kPiece) {
    Array<u8, kPiece> bytes{};
    const u64 n = size - done < kPiece ? size - done : kPiece;
    TRY(user::read_bytes(c.address_space(), VirtAddr(at.value + done), bytes.items().subspan(0, n)));
    for (u64 i = 0; i < n; ++i)
      if (bytes[i] != 0) return Errc::argument_list_too_long;
  }
  return Ok();
}

Status check_how(const UserOpenHow& how) {
  constexpr u32 kNameless = o::tmpfile & ~o::directory;
  if ((how.flags & ~(kValidOpen | kNoNotify)) != 0 || (how.resolve & ~resolving::all) != 0) return Errc::invalid_argument;
  if ((how.resolve & resolving::beneath) != 0 && (how.resolve & resolving::in_root) != 0) return Errc::invalid_argument;
  const u32 flags = static_cast<u32>(how.flags & ~kNoNotify);
  const bool creates = (flags & (o::creat | kNameless)) != 0;
  if (creates ? (how.mode & ~07777ULL) != 0 : how.mode != 0) return Errc::invalid_argument;
  if ((flags & o::path) != 0 && (flags & ~(o::path | o::directory | o::nofollow | o::cloexec)) != 0) return Errc::invalid_argument;
  TRY(fs::check_open_flags(flags));
  if ((how.resolve & resolving::cached) != 0 && ((flags & o::trunc) != 0 || creates)) return Errc::again;
  return Ok();
}

}  // namespace

SysResult sys_openat2(Caller& c, DirFd dir, UserPath path, UserPtr<UserOpenHow> how_at, u64 size) {
  if (size < sizeof(UserOpenHow)) return Errc::invalid_argument;
  if (size > kPageSize) return Errc::argument_list_too_long;
  if (size > sizeof(UserOpenHow)) TRY(only_zeros(c, VirtAddr(how_at.at.value + sizeof(UserOpenHow)), size - sizeof(UserOpenHow)));
  const UserOpenHow how = TRY(user::read<UserOpenHow>(c.address_space(), how_at.at));
  TRY(check_how(how));
  const String p = TRY(read_path(c, path));
  const u64 limit = c.process()->limit(proc::Resource::nofile).soft;
  TRY(c.files()->room(limit));
  const u32 flags = static_cast<u32>(how.flags & ~kNoNotify);
  // In a root of its own even absolute paths begin at dir.
  const bool relative = (how.resolve & (resolving::in_root | resolving::beneath)) != 0;
  const fs::Path start = TRY(start_of(c, dir, relative ? std::string_view(".") : p.view()));
  const fs::OpenHow open{(flags & o::path) != 0 ? flags : flags | o::largefile, static_cast<u32>(how.mode), fs::walk::scope(static_cast<u32>(how.resolve))};
  Ref<fs::File> f = TRY(fs::open(c, *c.fs(), start, p.view(), open));
  const Fd fd = TRY(c.files()->install(std::move(f), (flags & o::cloexec) != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no, limit));
  return static_cast<i64>(fd.value);
}

// Files are in memory: there is nothing to write back, and nothing to read ahead.
SysResult sys_sync_file_range(Caller& c, Fd fd, i64 offset, i64 length, u32 flags) {
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  constexpr u32 kKnown = 7;
  if ((flags & ~kKnown) != 0 || offset < 0 || length < 0 || length > INT64_MAX - offset) return Errc::invalid_argument;
  const Opt<Ref<fs::Inode>> i = f->inode();
  const fs::FileType t = i ? (*i)->type() : fs::FileType::anonymous;
  if (t != fs::FileType::regular && t != fs::FileType::directory && t != fs::FileType::symlink && t != fs::FileType::block) return Errc::illegal_seek;
  return 0;
}

SysResult sys_readahead(Caller& c, Fd fd, i64 offset, u64 count) {
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  if (!f.allows(fs::file::read)) return Errc::bad_descriptor;
  const Opt<Ref<fs::Inode>> i = f->inode();
  if (!i || (*i)->type() != fs::FileType::regular) return Errc::invalid_argument;
  return 0;
}

// Pages that are there. None is dirty: there is nothing that they would have to be written to.
SysResult sys_cachestat(Caller& c, Fd fd, UserPtr<UserCacheRange> range_at, UserPtr<UserCacheStat> out, u32 flags) {
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  const UserCacheRange range = TRY(user::read<UserCacheRange>(c.address_space(), range_at.at));
  if (flags != 0) return Errc::invalid_argument;
  UserCacheStat s{};
  const Opt<Ref<fs::Inode>> i = f->inode();
  const bool to_end = range.length == 0;
  if (i && (to_end || range.length <= ~0ULL - range.offset))
    s.cached = (*i)->pages_present(range.offset >> kPageShift, to_end ? ~0ULL : ((range.offset + range.length - 1) >> kPageShift) + 1);
  TRY(user::write(c.address_space(), out.at, s));
  return 0;
}

}  // namespace svc::sys
