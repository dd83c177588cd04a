// SPDX-License-Identifier: MPL-2.0
// read, write and their relatives, lseek, ioctl. [read(2), write(2), readv(2), lseek(2), ioctl(2), fsync(2), posix_fadvise(2)]
#include <services/syscall/sys_files.h>

namespace svc::sys {
namespace {

constexpr u64 kMaxCount = 0x7fff'f000;  // MAX_RW_COUNT
constexpr u64 kMaxPieces = 1024;        // UIO_MAXIOV

u64 clip(u64 n) { return n < kMaxCount ? n : kMaxCount; }
SysResult as_result(const Result<usize>& n) {
  if (!n.ok()) return Err(n.error());
  return static_cast<i64>(n.value());
}
// Linux's access_ok: an address range outside user space is EFAULT before anything else happens.
bool outside(VirtAddr at, u64 n) { return n > kUserEnd.value || at.value > kUserEnd.value - n; }

// No position may lie behind the largest one. [Linux: rw_verify_area]
bool too_far(i64 at, u64 n) { return n > static_cast<u64>(INT64_MAX - at); }

// EPIPE comes with SIGPIPE, but not from sockets with packets.
SysResult write_result(Caller& c, const fs::File& f, const Result<usize>& n) {
  if (!n.ok() && n.error() == Errc::broken_pipe && f.signals_broken_pipe()) c.signal_self(proc::sig::pipe);
  return as_result(n);
}

// No bytes at all are no call of the file. [Linux: vfs_readv]
bool nothing(const Vec<IoSlice>& pieces) {
  for (const IoSlice& p : pieces)
    if (p.length != 0) return false;
  return true;
}

using fs::file::append, fs::file::read, fs::file::seek, fs::file::write;

namespace rwf {
constexpr u32 high_priority = 1, data_sync = 2, sync = 4, no_wait = 8, append = 16, no_append = 32;
constexpr u32 known = high_priority | data_sync | sync | no_wait | append | no_append;  // nothing is slower than memory here: synchronous is what all are
}

Status check_flags(u32 flags, fs::File::Asks asks) {
  if (!asks.any && (flags & ~rwf::high_priority) != 0) return Errc::not_supported;
  if ((flags & ~rwf::known) != 0) return Errc::not_supported;
  if ((flags & rwf::append) != 0 && (flags & rwf::no_append) != 0) return Errc::invalid_argument;
  return (flags & rwf::no_wait) != 0 && !asks.no_wait ? Status(Errc::not_supported) : Ok();
}

// The flags hold for the time of one transfer.
template <class F>
Result<usize> transfer(Caller& c, u32 flags, F f) {
  c.transfer = {(flags & rwf::no_wait) != 0, (flags & rwf::no_append) != 0};
  const Result<usize> r = f();
  c.transfer = {};
  return r;
}

// At the offset when f has positions by its rights; else where the file stands.
template <class F>
SysResult read_pieces(Caller& c, const F& f, UserPtr<UserIovec> vec, u64 count, i64 offset, u32 flags) {
  const Vec<IoSlice> pieces = TRY(read_iovec(c, vec, count));
  if (nothing(pieces)) return 0;
  TRY(check_flags(flags, f->read_asks()));
  Writer w = Writer::user_vec(c.address_space(), pieces.items());
  return as_result(transfer(c, flags, [&] {
    if constexpr (Permits<F, read | seek>) return f.read_at(c, static_cast<u64>(offset), w);
    else return f.read(c, w);
  }));
}
template <class F>
SysResult write_pieces(Caller& c, const F& f, UserPtr<UserIovec> vec, u64 count, i64 offset, u32 flags) {
  const Vec<IoSlice> pieces = TRY(read_iovec(c, vec, count));
  if (nothing(pieces)) return 0;
  TRY(check_flags(flags, f->write_asks()));
  Reader r = Reader::user_vec(c.address_space(), pieces.items());
  constexpr bool positions = Permits<F, write | seek>;
  if ((flags & rwf::append) != 0) return write_result(c, *f, f.write_end(c, r, positions ? fs::File::Position::stays : fs::File::Position::follows));
  const Result<usize> n = transfer(c, flags, [&] {
    if constexpr (positions) return f.write_at(c, static_cast<u64>(offset), r);
    else return f.write(c, r);
  });
  return write_result(c, *f, n);
}

SysResult read_at_pieces(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset, u32 flags) {
  const Cap<fs::File, read | seek> f = TRY(c.files()->get<read | seek>(fd));
  return read_pieces(c, f, vec, count, offset, flags);
}
SysResult write_at_pieces(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset, u32 flags) {
  const Cap<fs::File, write | append | seek> f = TRY(c.files()->get<write | append | seek>(fd));
  return write_pieces(c, f, vec, count, offset, flags);
}

}  // namespace

Result<Vec<IoSlice>> read_iovec(Caller& c, UserPtr<UserIovec> vec, u64 count) {
  if (count > kMaxPieces) return Errc::invalid_argument;
  const Vec<UserIovec> raw = TRY(user::read_array<UserIovec>(c.address_space(), vec.at, count));
  Vec<IoSlice> out{};
  u64 total = 0;
  for (const UserIovec& v : raw) {
    if (v.length > INT64_MAX) return Errc::invalid_argument;
    if (outside(VirtAddr(v.base), v.length)) return Errc::fault;
    const u64 n = v.length < kMaxCount - total ? v.length : kMaxCount - total;
    total += n;
    out.push_back({VirtAddr(v.base), n});
  }
  return out;
}

SysResult sys_read(Caller& c, Fd fd, UserBuffer to, u64 count) {
  const Cap<fs::File, read> f = TRY(c.files()->get<read>(fd));
  if (outside(to.at, count)) return Errc::fault;
  Writer w = Writer::user(c.address_space(), to.at, clip(count));
  return as_result(f.read(c, w));
}

SysResult sys_write(Caller& c, Fd fd, UserBuffer from, u64 count) {
  const Cap<fs::File, write> f = TRY(c.files()->get<write>(fd));
  if (outside(from.at, count)) return Errc::fault;
  Reader r = Reader::user(c.address_space(), from.at, clip(count));
  return write_result(c, *f, f.write(c, r));
}

SysResult sys_pread64(Caller& c, Fd fd, UserBuffer to, u64 count, i64 offset) {
  if (offset < 0) return Errc::invalid_argument;
  const Cap<fs::File, read | seek> f = TRY(c.files()->get<read | seek>(fd));
  if (outside(to.at, count)) return Errc::fault;
  if (too_far(offset, count)) return Errc::invalid_argument;
  Writer w = Writer::user(c.address_space(), to.at, clip(count));
  return as_result(f.read_at(c, static_cast<u64>(offset), w));
}

SysResult sys_pwrite64(Caller& c, Fd fd, UserBuffer from, u64 count, i64 offset) {
  if (offset < 0) return Errc::invalid_argument;
  const Cap<fs::File, write | seek> f = TRY(c.files()->get<write | seek>(fd));
  if (outside(from.at, count)) return Errc::fault;
  if (too_far(offset, count)) return Errc::invalid_argument;
  Reader r = Reader::user(c.address_space(), from.at, clip(count));
  return write_result(c, *f, f.write_at(c, static_cast<u64>(offset), r));
}

SysResult sys_preadv2(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset, u64 offset_high, u32 flags) {
  if (offset < -1) return Errc::invalid_argument;
  if (offset != -1) return read_at_pieces(c, fd, vec, count, offset, flags);
  const Cap<fs::File, read> f = TRY(c.files()->get<read>(fd));
  return read_pieces(c, f, vec, count, offset, flags);
}
SysResult sys_pwritev2(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset, u64 offset_high, u32 flags) {
  if (offset < -1) return Errc::invalid_argument;
  if (offset != -1) return write_at_pieces(c, fd, vec, count, offset, flags);
  const Cap<fs::File, write | append> f = TRY(c.files()->get<write | append>(fd));
  return write_pieces(c, f, vec, count, offset, flags);
}
SysResult sys_readv(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count) { return sys_preadv2(c, fd, vec, count, -1, 0, 0); }
SysResult sys_writev(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count) { return sys_pwritev2(c, fd, vec, count, -1, 0, 0); }
SysResult sys_preadv(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset) {
  return offset < 0 ? SysResult(Errc::invalid_argument) : read_at_pieces(c, fd, vec, count, offset, 0);
}
SysResult sys_pwritev(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, i64 offset) {
  return offset < 0 ? SysResult(Errc::invalid_argument) : write_at_pieces(c, fd, vec, count, offset, 0);
}

SysResult sys_lseek(Caller& c, Fd fd, i64 offset, u32 whence) {
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  if (whence > 4) return Errc::invalid_argument;
  if (f->ignores_seek()) return 0;
  const Result<CapRef<fs::File, seek>> moving = f.as<seek>(Errc::illegal_seek);
  if (!moving.ok()) return moving.error();
  return static_cast<i64>(TRY(moving.value().seek(offset, static_cast<fs::Whence>(whence))));
}

SysResult sys_fsync(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  TRY(f.sync(false));
  return 0;
}
SysResult sys_fdatasync(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  TRY(f.sync(true));
  return 0;
}
// Nothing here has a slower copy to bring up to date; every file system in memory is its own truth.
SysResult sys_sync(Caller& c) { return 0; }

SysResult sys_fadvise64(Caller& c, Fd fd, i64 offset, i64 length, u32 advice) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<Ref<fs::Inode>> i = f->inode();
  if (i && (*i)->type() == fs::FileType::fifo) return Errc::illegal_seek;
  if (length < 0 || advice > 5) return Errc::invalid_argument;
  return 0;  // hints only
}

// ioctls of every descriptor; the rest is the file's.
SysResult sys_ioctl(Caller& c, Fd fd, u32 command, VirtAddr argument) {
  constexpr u32 kFioclex = 0x5451, kFionclex = 0x5450, kFionbio = 0x5421, kFionread = 0x541b;
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  switch (command) {
    case kFioclex: TRY(c.files()->set_cloexec(fd, fs::CloseOnExec::yes)); return 0;
    case kFionclex: TRY(c.files()->set_cloexec(fd, fs::CloseOnExec::no)); return 0;
    case kFionbio: {
      const i32 on = TRY(user::read<i32>(c.address_space(), argument));
      f.set_flags(on != 0 ? f->flags() | fs::oflag::nonblock : f->flags() & ~fs::oflag::nonblock);
      return 0;
    }
    case kFionread: {
      const Opt<Ref<fs::Inode>> i = f->inode();
      if (!i || (*i)->type() != fs::FileType::regular) break;
      const Cap<fs::File, seek> place = TRY(c.files()->get<seek>(fd));
      const u64 at = TRY(place.seek(0, fs::Whence::current));
      const u64 size = (*i)->attr().size;
      const i32 left = size > at ? static_cast<i32>(size - at < INT32_MAX ? size - at : INT32_MAX) : 0;
      TRY(user::write(c.address_space(), argument, left));
      return 0;
    }
    default: break;
  }
  return f.ioctl(c, command, argument.value);
}

}  // namespace svc::sys
