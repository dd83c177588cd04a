// SPDX-License-Identifier: MPL-2.0
// sendfile, copy_file_range, splice, tee. [the man pages of these names, section 2]
#include <services/fs/splice.h>
#include <services/net/socket_file.h>
#include <services/syscall/sys_more_files.h>

namespace svc::sys {
namespace {

constexpr u64 kMaxCount = 0x7fff'f000;  // MAX_RW_COUNT
constexpr u32 kMove = 1, kNonblock = 2, kMore = 4, kGift = 8;

u64 clip(u64 n) { return n < kMaxCount ? n : kMaxCount; }

SysResult result_of(Caller& c, const Result<usize>& n) {
  if (n.ok()) return static_cast<i64>(n.value());
  if (n.error() == Errc::broken_pipe) c.signal_self(proc::sig::pipe);
  return Err(n.error());
}

// An offset argument: nothing for a null pointer. Errors: fault.
Result<Opt<i64>> offset_of(Caller& c, UserPtr<i64> p) {
  if (p.null()) return Opt<i64>();
  return Opt<i64>(TRY(user::read<i64>(c.address_space(), p.at)));
}
Status put_offset(Caller& c, UserPtr<i64> p, const Opt<u64>& at) {
  if (p.null()) return Ok();
  return user::write(c.address_space(), p.at, static_cast<i64>(*at));
}
Opt<u64> position(const Opt<i64>& at) { return at ? Opt<u64>(static_cast<u64>(*at)) : Opt<u64>(); }
bool bad_range(const Opt<i64>& at, u64 n) { return at && (*at < 0 || n > static_cast<u64>(INT64_MAX - *at)); }
bool appends(const fs::File& f) { return (f.flags() & fs::oflag::append) != 0; }
bool is_folder(const fs::File& f) {
  const Opt<Ref<fs::Inode>> i = f.inode();
  return i && (*i)->type() == fs::FileType::directory;
}
// A stream of bytes that SPLICE_F_NONBLOCK does not wait for; other files are read as they are opened.
bool empty_stream(const DynCap<fs::File>& f) {
  const Opt<Ref<net::SocketFile>> s = f.ref().as<net::SocketFile>();
  return s && (*s)->endpoint()->kind() == net::Kind::stream && !((*s)->poll() & poll::readable).any();
}
fs::Blocking blocking_of(u32 flags, const fs::File& a, const fs::File& b) {
  const bool never = (flags & kNonblock) != 0 || (fs::is_pipe(a) && a.nonblocking()) || (fs::is_pipe(b) && b.nonblocking());
  return never ? fs::Blocking::no : fs::Blocking::yes;
}

}  // namespace

SysResult sys_sendfile(Caller& c, Fd out, Fd in, UserPtr<i64> offset, u64 count) {
  const Opt<i64> at = TRY(offset_of(c, offset));
  fs::CopySource a = TRY(fs::copy_source(TRY(c.files()->capability(in))));
  a.at = position(at);
  if (at && !a.positions) return Errc::illegal_seek;
  if (bad_range(at, clip(count))) return Errc::invalid_argument;
  fs::CopyTarget b = TRY(fs::copy_target(TRY(c.files()->capability(out))));
  if (appends(*b.file) || !a.positions || is_folder(*a.file)) return Errc::invalid_argument;
  const Result<usize> n = fs::is_pipe(*b.file) ? fs::splice(c, a, b, clip(count), blocking_of(0, *b.file, *b.file)) : fs::copy_bytes(c, a, b, clip(count));
  if (n.ok()) TRY(put_offset(c, offset, a.at));
  return result_of(c, n);
}

SysResult sys_copy_file_range(Caller& c, Fd in, UserPtr<i64> in_offset, Fd out, UserPtr<i64> out_offset, u64 count, u32 flags) {
  const DynCap<fs::File> from = TRY(c.files()->capability(in));
  const DynCap<fs::File> to = TRY(c.files()->capability(out));
  const Opt<i64> from_at = TRY(offset_of(c, in_offset)), to_at = TRY(offset_of(c, out_offset));
  if (flags != 0) return Errc::invalid_argument;
  const Opt<Ref<fs::Inode>> i = from->inode(), o = to->inode();
  const fs::FileType it = i ? (*i)->type() : fs::FileType::anonymous, ot = o ? (*o)->type() : fs::FileType::anonymous;
  if (it == fs::FileType::directory || ot == fs::FileType::directory) return Errc::is_directory;
  if (it != fs::FileType::regular || ot != fs::FileType::regular) return Errc::invalid_argument;
  fs::CopySource a = TRY(fs::copy_source(from));
  fs::CopyTarget b = TRY(fs::copy_target(to));
  a.at = position(from_at);
  b.at = position(to_at);
  if (appends(*to)) return Errc::bad_descriptor;
  if ((*i)->file_system()->device() != (*o)->file_system()->device()) return Errc::cross_device;
  const i64 start = from_at ? *from_at : static_cast<i64>(TRY((*a.positions).seek(0, fs::Whence::current)));
  const i64 target = to_at ? *to_at : static_cast<i64>(TRY((*b.positions).seek(0, fs::Whence::current)));
  if (start < 0 || target < 0) return Errc::invalid_argument;
  if (count > INT64_MAX || bad_range(Opt<i64>(start), count) || bad_range(Opt<i64>(target), count)) return Errc::overflow;
  const u64 from_start = static_cast<u64>(start), to_start = static_cast<u64>(target), size = (*i)->attr().size;
  u64 n = from_start >= size ? 0 : count < size - from_start ? count : size - from_start;
  if ((*i).same(*o) && to_start + n > from_start && to_start < from_start + n) return Errc::invalid_argument;
  const Result<usize> done = fs::copy_bytes(c, a, b, clip(n));
  if (done.ok()) TRY(put_offset(c, in_offset, a.at));
  if (done.ok()) TRY(put_offset(c, out_offset, b.at));
  return result_of(c, done);
}

SysResult sys_splice(Caller& c, Fd in, UserPtr<i64> in_offset, Fd out, UserPtr<i64> out_offset, u64 count, u32 flags) {
  if (count == 0) return 0;
  if ((flags & ~(kMove | kNonblock | kMore | kGift)) != 0) return Errc::invalid_argument;
  const DynCap<fs::File> from = TRY(c.files()->capability(in));
  const DynCap<fs::File> to = TRY(c.files()->capability(out));
  const bool from_pipe = fs::is_pipe(*from), to_pipe = fs::is_pipe(*to);
  if ((from_pipe && !in_offset.null()) || (to_pipe && !out_offset.null())) return Errc::illegal_seek;
  const Opt<i64> to_at = TRY(offset_of(c, out_offset)), from_at = TRY(offset_of(c, in_offset));
  fs::CopySource a = TRY(fs::copy_source(from));
  fs::CopyTarget b = TRY(fs::copy_target(to));
  a.at = position(from_at);
  b.at = position(to_at);
  if ((!from_pipe && !to_pipe) || fs::same_pipe(*from, *to)) return Errc::invalid_argument;
  if ((from_at && !a.positions) || (to_at && !b.positions) || (!to_pipe && appends(*to)) || is_folder(*from)) return Errc::invalid_argument;
  if (bad_range(from_at, clip(count)) || bad_range(to_at, clip(count))) return Errc::invalid_argument;
  if ((flags & kNonblock) != 0 && empty_stream(from)) return Errc::again;
  const Result<usize> n = fs::splice(c, a, b, clip(count), blocking_of(flags, *from, *to));
  if (n.ok()) TRY(put_offset(c, in_offset, a.at));
  if (n.ok()) TRY(put_offset(c, out_offset, b.at));
  return result_of(c, n);
}

SysResult sys_tee(Caller& c, Fd in, Fd out, u64 count, u32 flags) {
  if ((flags & ~(kMove | kNonblock | kMore | kGift)) != 0) return Errc::invalid_argument;
  if (count == 0) return 0;
  const DynCap<fs::File> from = TRY(c.files()->capability(in));
  const DynCap<fs::File> to = TRY(c.files()->capability(out));
  const Cap<fs::File, fs::file::read> a = TRY(from.share<fs::file::read>(Errc::bad_descriptor));
  const Cap<fs::File, fs::file::write> b = TRY(to.share<fs::file::write>(Errc::bad_descriptor));
  if (!fs::is_pipe(*from) || !fs::is_pipe(*to) || fs::same_pipe(*from, *to)) return Errc::invalid_argument;
  return result_of(c, fs::tee(a, b, clip(count), blocking_of(flags, *from, *to)));
}

// Bytes are copied; SPLICE_F_GIFT gives up nothing. Which way: what the end of the pipe is for.
SysResult sys_vmsplice(Caller& c, Fd fd, UserPtr<UserIovec> vec, u64 count, u32 flags) {
  if ((flags & ~(kMove | kNonblock | kMore | kGift)) != 0) return Errc::invalid_argument;
  const DynCap<fs::File> f = TRY(c.files()->capability(fd));
  const bool writes = f.allows(fs::file::write);
  if (!writes && !f.allows(fs::file::read)) return Errc::bad_descriptor;
  const Vec<IoSlice> pieces = TRY(read_iovec(c, vec, count));
  u64 bytes = 0;
  for (const IoSlice& p : pieces) bytes += p.length;
  if (bytes == 0) return 0;
  if (!fs::is_pipe(*f)) return Errc::bad_descriptor;
  const bool never = (flags & kNonblock) != 0;
  if (writes) {
    const Cap<fs::File, fs::file::write> to = TRY(f.share<fs::file::write>());
    Reader r = Reader::user_vec(c.address_space(), pieces.items());
    return result_of(c, fs::pipe_write(c, to, r, never ? fs::Blocking::no : fs::Blocking::yes));
  }
  const Cap<fs::File, fs::file::read> from = TRY(f.share<fs::file::read>());
  Writer w = Writer::user_vec(c.address_space(), pieces.items());
  return result_of(c, fs::pipe_read(c, from, w, never ? fs::Blocking::no : fs::Blocking::yes));
}

}  // namespace svc::sys
