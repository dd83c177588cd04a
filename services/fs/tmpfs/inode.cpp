// SPDX-License-Identifier: MPL-2.0
// tmpfs inodes: attributes, data of regular files.
#include <ostd/time.h>
#include <services/fs/tmpfs/tmpfs.h>

namespace svc::fs {

Result<Ref<TmpInode>> TmpInode::create(const Ref<Tmpfs>& fs, const NewInode& what) {
  TRY(fs->take_inode());
  return make_ref<TmpInode>(fs, what, fs->next_ino());
}

TmpInode::TmpInode(Ref<Tmpfs> fs, const NewInode& what, u64 ino)
    : fs_(std::move(fs)), type_(what.type), ino_(ino), rdev_(what.rdev), birth_{ostd::time::wall_now()}, target_(what.target.copy()) {
  if (type_ == FileType::regular) pages_ = Opt<Ref<TmpPages>>(make_ref<TmpPages>(fs_));
  if (type_ == FileType::directory) nlink_.store(2);
  changing_.with([&](Changing& c) { c = Changing{what.mode, what.uid, what.gid, birth_, birth_, birth_}; });
  if (what.acl || what.standard_acl) {
    extra_.with([&](Extra& x) {
      x.access = what.acl;
      x.standard = what.standard_acl;
    });
    listed_.store(what.acl ? 1 : 0);
  }
}

Attr TmpInode::attr() const {
  Attr a{};
  a.ino = ino_;
  a.type = type_;
  a.nlink = nlink_.load();
  a.rdev = rdev_;
  a.btime = birth_;
  if (pages_) {
    if ((*pages_)->take_written()) touch(true);
    a.size = (*pages_)->size_bytes();
    a.blocks = (*pages_)->page_count() * (kPageSize / 512);
  } else if (type_ == FileType::symlink) {
    a.size = target_.size();
  } else if (type_ == FileType::directory) {
    a.size = dir_.with([](Directory& d) { return d.entries.size() * 20 + 40; });  // Linux: BOGO_DIRENT_SIZE each, "." and ".." too
  }
  changing_.with([&](Changing& c) {
    a.mode = c.mode;
    a.uid = c.uid;
    a.gid = c.gid;
    a.atime = c.atime;
    a.mtime = c.mtime;
    a.ctime = c.ctime;
  });
  return a;
}

void TmpInode::touch(bool data) const {
  const FileTime now{ostd::time::wall_now()};
  changing_.with([&](Changing& c) {
    if (data) c.mtime = now;
    c.ctime = now;
  });
}

Status TmpInode::set_attr(const AttrChange& x) const {
  const FileTime now{ostd::time::wall_now()};
  changing_.with([&](Changing& c) {
    if (x.mode) c.mode = *x.mode;
    if (x.uid) c.uid = *x.uid;
    if (x.gid) c.gid = *x.gid;
    if (x.atime) c.atime = *x.atime;
    if (x.mtime) c.mtime = *x.mtime;
    c.ctime = x.ctime ? *x.ctime : now;
  });
  return Ok();
}

Opt<Ref<MemoryObject>> TmpInode::memory() const {
  if (!pages_) return none;
  return Opt<Ref<MemoryObject>>(Ref<MemoryObject>(*pages_));
}

u64 TmpInode::pages_present(u64 first, u64 end) const {
  u64 n = 0;
  if (!pages_) return 0;
  for (Opt<u64> k = (*pages_)->next_present(first); k && *k < end; k = (*pages_)->next_present(*k + 1)) {
    ++n;
    ostd::task::preempt_point();
  }
  return n;
}

Result<String> TmpInode::read_link(const Context& who) const {
  if (type_ != FileType::symlink) return Errc::invalid_argument;
  return target_.copy();
}

Result<usize> TmpInode::read_at(u64 offset, Writer& to) const {
  if (!pages_) return Errc::invalid_argument;
  const TmpPages& pages = **pages_;
  const u64 size = pages.size_bytes();
  if (offset >= size) return usize{0};
  if (to.remaining() > size - offset) to.limit(size - offset);
  usize done = 0;
  while (to.remaining() != 0) {
    const u64 at = offset + done;
    const usize in_page = at & kPageMask;
    const usize n = to.remaining() < kPageSize - in_page ? to.remaining() : kPageSize - in_page;
    const Opt<UFrame> f = pages.page_if_present(at >> kPageShift);
    const Result<usize> got = f ? to.write_from(*f, in_page, n) : to.fill_zero(n);
    if (!got.ok()) return done != 0 ? Result<usize>(done) : Err(got.error());
    done += got.value();
    if (got.value() < n) break;
    ostd::task::preempt_point();
  }
  return done;
}

Result<Inode::Written> TmpInode::write_at(u64 offset, Reader& from, AppendMode mode) const {
  if (!pages_) return Errc::invalid_argument;
  const TmpPages& pages = **pages_;
  return write_lock_.with([&](u32&) -> Result<Written> {
    const u64 start = mode == AppendMode::at_end ? pages.size_bytes() : offset;
    TRY(may_write(start + from.remaining()));
    usize done = 0;
    Errc error = Errc::ok;
    while (from.remaining() != 0) {
      const u64 at = start + done;
      const usize in_page = at & kPageMask;
      const usize n = from.remaining() < kPageSize - in_page ? from.remaining() : kPageSize - in_page;
      const Result<UFrame> f = pages.page_for_write(at >> kPageShift);
      if (!f.ok()) {
        error = f.error();
        break;
      }
      const Result<usize> got = from.read_to(f.value(), in_page, n);
      if (!got.ok()) {
        error = got.error();
        break;
      }
      done += got.value();
      if (start + done > pages.size_bytes()) pages.set_size(start + done);
      if (got.value() < n) break;
      ostd::task::preempt_point();
    }
    if (done == 0 && error != Errc::ok) return error;
    if (done != 0) touch(true);
    return Written{done, start};
  });
}

Status TmpInode::truncate(u64 size) const {
  if (!pages_) return Errc::invalid_argument;
  const TmpPages& pages = **pages_;
  return write_lock_.with([&](u32&) -> Status {
    const u64 old = pages.size_bytes();
    const u32 seals = seals_.load();
    if ((size < old && (seals & seal::shrink) != 0) || (size > old && (seals & seal::grow) != 0)) return Errc::not_permitted;
    pages.set_size(size);
    if (size < old) {
      pages.drop_from(page_up(size) >> kPageShift);
      const Opt<UFrame> last = (size & kPageMask) != 0 ? pages.page_if_present(size >> kPageShift) : Opt<UFrame>();
      if (last) last->zero(size & kPageMask, kPageSize - (size & kPageMask));
    }
    touch(true);
    return Ok();
  });
}

Status TmpInode::fallocate(u32 mode, u64 offset, u64 length) const {
  constexpr u32 kKeepSize = 1, kPunchHole = 2;
  if (!pages_) return Errc::no_device;
  if ((mode & ~(kKeepSize | kPunchHole)) != 0) return Errc::not_supported;
  const TmpPages& pages = **pages_;
  const u64 end = offset + length;
  return write_lock_.with([&](u32&) -> Status {
    if ((mode & kPunchHole) != 0) {
      TRY(may_write(0));
      const u64 first = page_up(offset) >> kPageShift, last = end >> kPageShift;
      zero_part(offset, first < last || (offset >> kPageShift) != (end >> kPageShift) ? page_up(offset) : end);
      if (first <= last && (end & kPageMask) != 0 && page_down(end) >= page_up(offset)) zero_part(page_down(end), end);
      if (first < last) pages.drop_range(first, last);
      touch(true);
      return Ok();
    }
    if ((seals_.load() & seal::grow) != 0 && end > pages.size_bytes()) return Errc::not_permitted;
    TRY(pages.fill(offset >> kPageShift, page_up(end) >> kPageShift));
    if ((mode & kKeepSize) == 0 && end > pages.size_bytes()) pages.set_size(end);
    touch(true);
    return Ok();
  });
}

Status TmpInode::may_write(u64 end) const {
  const u32 s = seals_.load();
  const bool grows = end > (*pages_)->size_bytes();
  return (s & (seal::write | seal::future_write)) != 0 || ((s & seal::grow) != 0 && grows) ? Status(Errc::not_permitted) : Ok();
}

Status TmpInode::add_seals(u32 seals) const {
  if (!pages_ || (seals & ~seal::all) != 0) return Errc::invalid_argument;
  return write_lock_.with([&](u32&) -> Status {
    const u32 old = seals_.load();
    if ((old & seal::seal) != 0) return Errc::not_permitted;
    // A mapping through which the file can be written keeps the write seal away; private ones and those of a descriptor for reading do not.
    if ((seals & seal::write) != 0 && (old & seal::write) == 0 && (*pages_)->has_writers()) return Errc::busy;
    seals_.store(old | seals);
    return Ok();
  });
}
Result<u32> TmpInode::seals() const {
  if (!pages_) return Errc::invalid_argument;
  return seals_.load();
}
void TmpInode::make_memfd(u32 seals) const {
  set_unlinked();
  seals_.store(seals);
}

// Zeroes [from, to) within one page, if the page is there.
void TmpInode::zero_part(u64 from, u64 to) const {
  if (from >= to) return;
  const Opt<UFrame> f = (*pages_)->page_if_present(from >> kPageShift);
  if (f) f->zero(from & kPageMask, to - from);
}

Result<u64> TmpInode::seek_data_hole(u64 offset, bool hole) const {
  if (!pages_) return Errc::invalid_argument;
  const u64 size = (*pages_)->size_bytes();
  if (offset >= size) return Errc::no_device_address;
  if (!hole) {
    const Opt<u64> next = (*pages_)->next_data(offset >> kPageShift);
    const u64 at = next ? *next << kPageShift : size;
    if (at >= size) return Errc::no_device_address;
    return at > offset ? at : offset;
  }
  u64 i = offset >> kPageShift;
  while ((i << kPageShift) < size && (*pages_)->has_data(i)) ++i;
  const u64 at = i << kPageShift;
  if (at >= size) return size;
  return at > offset ? at : offset;
}

}  // namespace svc::fs
