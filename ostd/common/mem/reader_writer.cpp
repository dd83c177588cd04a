// SPDX-License-Identifier: MPL-2.0
// Reader and Writer: cursors over user memory (one piece or several) or a buffer of the OS.
#include <mem/user_copy.h>
#include <ostd/user_io.h>

namespace c = ostd::common;

namespace ostd {

// What both have in common; T is Reader or Writer.
struct IoAccess {
  template <class T>
  static T user(const AddressSpace& as, VirtAddr base, usize length) {
    T t;
    t.as_ = &as;
    t.now_ = {base, length};
    t.remaining_ = length;
    return t;
  }
  template <class T>
  static T user_vec(const AddressSpace& as, std::span<const IoSlice> pieces) {
    T t;
    t.as_ = &as;
    t.piece_ = pieces.data();
    t.pieces_ = pieces.size();
    for (const IoSlice& s : pieces)
      if (__builtin_add_overflow(t.remaining_, s.length, &t.remaining_)) t.remaining_ = SIZE_MAX;
    return t;
  }
  template <class T, class B>
  static T buffer(std::span<B> bytes) {
    T t;
    t.buffer_ = bytes.data();
    t.now_.length = bytes.size();
    t.remaining_ = bytes.size();
    return t;
  }

  // Makes now_ a piece that is not empty. Requires: remaining_ is not 0.
  template <class T>
  static bool next_piece(T& t) {
    while (t.now_.length == 0) {
      if (t.pieces_ == 0) return false;
      t.now_ = *t.piece_++;
      --t.pieces_;
    }
    return true;
  }
  template <class T>
  static void advance(T& t, usize n) {
    t.now_.base += n;
    t.now_.length -= n;
    t.remaining_ -= n;
    if (t.buffer_) t.buffer_ += n;
  }

  // f(bytes, done, n) on up to n bytes, page by page.
  template <class T, class F>
  static Result<usize> run(T& t, usize n, Access access, F&& f) {
    if (n > t.remaining_) n = t.remaining_;
    if (t.as_) c::check_user_access();
    usize total = 0;
    while (total != n) {
      if (!next_piece(t)) break;
      const usize here = n - total < t.now_.length ? n - total : t.now_.length;
      usize got = here;
      if (t.as_) {
        got = c::for_user_pages(t.as_->core(), t.now_.base.value, here, access,
                                [&](u8* p, usize done, usize m) { f(p, total + done, m); });
      } else {
        f(const_cast<u8*>(t.buffer_), total, here);  // SAFETY: a Reader's f only reads
      }
      advance(t, got);
      total += got;
      if (got != here) {
        if (total == 0) return Err(Errc::fault);
        break;
      }
    }
    return total;
  }

  template <class T>
  static usize skip(T& t, usize n) {
    if (n > t.remaining_) n = t.remaining_;
    for (usize total = 0; total != n;) {
      if (!next_piece(t)) return total;
      const usize here = n - total < t.now_.length ? n - total : t.now_.length;
      advance(t, here);
      total += here;
    }
    return n;
  }

  template <class T>
  static Status prefault(const T& t, usize n, Access access) {
    if (!t.as_) return Ok();
    T ahead = t;
    usize total = 0;
    if (n > ahead.remaining_) n = ahead.remaining_;
    while (total != n && next_piece(ahead)) {
      const usize here = n - total < ahead.now_.length ? n - total : ahead.now_.length;
      const usize got = c::for_user_pages(ahead.as_->core(), ahead.now_.base.value, here, access, [](u8*, usize, usize) {});
      if (got != here) return total + got == 0 ? Status(Errc::fault) : Ok();
      advance(ahead, here);
      total += here;
    }
    return Ok();
  }
};

namespace {
u8* frame_bytes(const UFrame& frame, usize offset, usize length) {
  OSTD_CHECK(offset <= frame.size() && length <= frame.size() - offset);
  return frame.data() + offset;  // SAFETY: the range was checked; the caller holds the frame
}
}  // namespace
}  // namespace ostd

using ostd::Access;
using ostd::IoAccess;

auto ostd::Reader::user(const AddressSpace& as, VirtAddr base, usize length) -> Reader { return IoAccess::user<Reader>(as, base, length); }
auto ostd::Reader::user_vec(const AddressSpace& as, std::span<const IoSlice> pieces) -> Reader { return IoAccess::user_vec<Reader>(as, pieces); }
auto ostd::Reader::buffer(std::span<const u8> bytes) -> Reader { return IoAccess::buffer<Reader>(bytes); }
auto ostd::Reader::read(std::span<u8> to) -> Result<usize> {
  return IoAccess::run(*this, to.size(), Access::read, [&](const u8* p, usize done, usize n) { c::copy_bytes(to.data() + done, p, n); });
}
auto ostd::Reader::read_to(const UFrame& frame, usize offset, usize length) -> Result<usize> {
  u8* to = frame_bytes(frame, offset, length);
  const Result<usize> r = IoAccess::run(*this, length, Access::read, [&](const u8* p, usize done, usize n) { c::copy_bytes(to + done, p, n); });
  c::frame_note_written(c::frame_head(c::frame_of(to)));
  return r;
}
auto ostd::Reader::skip(usize n) -> Result<usize> { return IoAccess::skip(*this, n); }
auto ostd::Reader::prefault(usize n) -> Status { return IoAccess::prefault(*this, n, Access::read); }
auto ostd::Reader::limit(usize n) -> void { if (n < remaining_) remaining_ = n; }

auto ostd::Writer::user(const AddressSpace& as, VirtAddr base, usize length) -> Writer { return IoAccess::user<Writer>(as, base, length); }
auto ostd::Writer::user_vec(const AddressSpace& as, std::span<const IoSlice> pieces) -> Writer { return IoAccess::user_vec<Writer>(as, pieces); }
auto ostd::Writer::buffer(std::span<u8> bytes) -> Writer { return IoAccess::buffer<Writer>(bytes); }
auto ostd::Writer::write(std::span<const u8> from) -> Result<usize> {
  return IoAccess::run(*this, from.size(), Access::write, [&](u8* p, usize done, usize n) { c::copy_bytes(p, from.data() + done, n); });
}
auto ostd::Writer::write_from(const UFrame& frame, usize offset, usize length) -> Result<usize> {
  const u8* from = frame_bytes(frame, offset, length);
  return IoAccess::run(*this, length, Access::write, [&](u8* p, usize done, usize n) { c::copy_bytes(p, from + done, n); });
}
auto ostd::Writer::fill_zero(usize n) -> Result<usize> {
  return IoAccess::run(*this, n, Access::write, [](u8* p, usize, usize m) { c::zero_bytes(p, m); });
}
auto ostd::Writer::prefault(usize n) -> Status { return IoAccess::prefault(*this, n, Access::write); }
auto ostd::Writer::limit(usize n) -> void { if (n < remaining_) remaining_ = n; }
