// SPDX-License-Identifier: MPL-2.0
// Open regular files and directories: positions, limits, ETXTBSY. [read(2), write(2), lseek(2), getdents(2)]
#include <base/checked.h>
#include <base/format.h>
#include <services/fs/mount.h>
#include <services/fs/regular.h>

namespace svc::fs {
namespace {

constexpr u64 kMaxOffset = INT64_MAX;

Status hold(const Inode& inode, i32 change) {
  i32 n = inode.writers.load();
  do {
    if ((change > 0 && n < 0) || (change < 0 && n > 0)) return Errc::text_busy;
  } while (!inode.writers.compare_exchange(n, n + change));
  return Ok();
}

}  // namespace

Status drop_capabilities(const Inode& inode) {
  if (!inode.has_capabilities()) return Ok();
  const Status s = inode.set_xattr("security.capability", none, XattrSet::any);
  return s;
}

Status drop_set_ids(const Context& who, const Inode& inode) {
  TRY(drop_capabilities(inode));
  if (who.capable(Capability::fsetid)) return Ok();
  constexpr u16 set_uid = 04000, set_gid = 02000, group_exec = 010;
  const u16 bits = inode.attr().mode.bits;
  u16 kept = bits & static_cast<u16>(~set_uid);
  if ((bits & (set_gid | group_exec)) == (set_gid | group_exec)) kept &= static_cast<u16>(~set_gid);
  if (kept == bits) return Ok();
  AttrChange c{};
  c.mode = Mode{kept};
  return inode.set_attr(c);
}

Result<Ref<File>> open_regular(const Ref<Inode>& inode, u32 flags) {
  const bool writes = (flags & oflag::access_mask) != oflag::rdonly;
  if (writes) TRY(hold(*inode, 1));
  return Ref<File>(make_ref<RegularFile>(inode, flags, writes ? 1 : 0));
}
Result<Cap<File, file::execute>> open_for_exec(const Ref<Inode>& inode) {
  TRY(hold(*inode, -1));
  return Cap<File, file::execute>::mint(File::MintKey(), make_ref<RegularFile>(inode, oflag::rdonly, -1));
}
RegularFile::~RegularFile() {
  if (hold_ != 0) inode_->writers.fetch_sub(hold_);
}

Result<usize> RegularFile::read(const Context& who, Writer& to) const {
  return position_.with([&](u64& pos) -> Result<usize> {
    if (pos > kMaxOffset || to.remaining() > kMaxOffset - pos) return Errc::invalid_argument;
    const usize n = TRY(inode_->read_at(pos, to));
    pos += n;
    return n;
  });
}

Result<usize> RegularFile::read_at(const Context& who, u64 offset, Writer& to) const { return inode_->read_at(offset, to); }

// RLIMIT_FSIZE and the largest offset: SIGXFSZ and EFBIG beyond, a short write up to it.
Result<Inode::Written> RegularFile::write_limited(const Context& who, u64 offset, Reader& from, Inode::AppendMode mode) const {
  const u64 at = mode == Inode::AppendMode::at_end ? inode_->attr().size : offset;
  const u64 limit = who.file_size_limit();
  if (limit != ~0ULL && from.remaining() != 0) {
    if (at >= limit) {
      who.signal_self(Signo{25});
      return Errc::file_too_large;
    }
    if (from.remaining() > limit - at) from.limit(limit - at);
  }
  if (at > kMaxOffset || from.remaining() > kMaxOffset - at) return at >= kMaxOffset ? Errc::file_too_large : Errc::invalid_argument;
  if (from.remaining() != 0) TRY(drop_set_ids(who, *inode_));
  return inode_->write_at(offset, from, mode);
}

Result<usize> RegularFile::write(const Context& who, Reader& from) const {
  return position_.with([&](u64& pos) -> Result<usize> {
    const Inode::AppendMode mode = appends(who) ? Inode::AppendMode::at_end : Inode::AppendMode::at_offset;
    const Inode::Written w = TRY(write_limited(who, pos, from, mode));
    pos = w.offset + w.count;
    return w.count;
  });
}

Result<usize> RegularFile::write_end(const Context& who, Reader& from, Position position) const {
  return position_.with([&](u64& pos) -> Result<usize> {
    const Inode::Written w = TRY(write_limited(who, pos, from, Inode::AppendMode::at_end));
    if (position == Position::follows) pos = w.offset + w.count;
    return w.count;
  });
}

// As Linux: O_APPEND appends whatever the offset of pwrite is.
Result<usize> RegularFile::write_at(const Context& who, u64 offset, Reader& from) const {
  const Inode::AppendMode mode = appends(who) ? Inode::AppendMode::at_end : Inode::AppendMode::at_offset;
  const Inode::Written w = TRY(write_limited(who, offset, from, mode));
  return w.count;
}

Result<u64> RegularFile::seek(i64 offset, Whence whence) const {
  return position_.with([&](u64& pos) -> Result<u64> {
    u64 base = 0;
    switch (whence) {
      case Whence::set: break;
      case Whence::current: base = pos; break;
      case Whence::end: base = inode_->attr().size; break;
      case Whence::data:
      case Whence::hole: {
        if (offset < 0) return Errc::no_device_address;
        pos = TRY(inode_->seek_data_hole(static_cast<u64>(offset), whence == Whence::hole));
        return pos;
      }
    }
    const Opt<i64> at = checked_add(static_cast<i64>(base), offset);
    if (!at) return Errc::overflow;
    if (*at < 0) return Errc::invalid_argument;
    pos = static_cast<u64>(*at);
    return pos;
  });
}

Result<Mappable> RegularFile::memory(Prot prot, bool shared) const {
  Opt<Ref<MemoryObject>> m = inode_->memory();
  if (!m) return Errc::no_device;
  Mappable out{*std::move(m)};
  if ((inode_->seals().value_or(0) & (seal::write | seal::future_write)) != 0) {
    if (shared && prot.write) return Errc::not_permitted;
    out.most = memory_object::read | memory_object::execute;  // mprotect must not bring back what mmap refuses
  }
  return out;
}

Status RegularFile::truncate(u64 size) const { return inode_->truncate(size); }
Status RegularFile::fallocate(u32 mode, u64 offset, u64 length) const { return inode_->fallocate(mode, offset, length); }
String RegularFile::fdinfo() const {
  const u64 pos = position_.with([](u64& p) { return p; });
  return ostd::format("pos:\t{}\n", pos);
}

Result<u64> DirFile::seek(i64 offset, Whence whence) const {
  return position_.with([&](u64& pos) -> Result<u64> {
    if (whence != Whence::set && whence != Whence::current) return Errc::invalid_argument;
    const i64 base = whence == Whence::set ? 0 : static_cast<i64>(pos);
    const Opt<i64> at = checked_add(base, offset);
    if (!at || *at < 0) return Errc::invalid_argument;
    pos = static_cast<u64>(*at);
    return pos;
  });
}

Status DirFile::read_dir(const Context& who, DirSink& sink) const {
  const Opt<Path> here = path();
  return position_.with([&](u64& pos) -> Status {
    if (here && here->dentry->unlinked()) return Errc::not_found;
    if (pos == 0) {
      if (!sink.entry(".", inode_->ino(), FileType::directory, 1)) return Ok();
      pos = 1;
    }
    if (pos == 1) {
      u64 up = inode_->ino();
      if (here) {
        const Opt<Ref<Dentry>> parent = here->dentry->parent();
        if (parent) up = (*parent)->inode()->ino();
      }
      if (!sink.entry("..", up, FileType::directory, 2)) return Ok();
      pos = 2;
    }
    return inode_->read_dir(pos, sink, pos);
  });
}

}  // namespace svc::fs
