// SPDX-License-Identifier: MPL-2.0
// memfd.
#include <base/format.h>
#include <services/fs/memfd.h>

namespace svc::fs {
namespace {
constexpr u32 kSeal = 1, kShrink = 2, kGrow = 4, kWrite = 8, kFutureWrite = 16, kAll = 63;  // 32: exec seal, set at creation
}

Result<Ref<File>> MemFile::create(std::string_view name, u32 seals, u16 mode) {
  TmpfsOptions o{};
  o.size_bytes = ~0ULL & ~kPageMask;  // bounded by memory, not by a file system
  const Ref<Tmpfs> fs = make_ref<Tmpfs>(StaticStr("tmpfs"), 1U, o);  // without a root: no name leads here
  Inode::NewInode n{};
  n.mode = Mode{mode};
  const Ref<TmpInode> i = TRY(TmpInode::create(fs, n));
  i->set_unlinked();
  return Ref<File>(make_ref<MemFile>(i, String(name), seals));
}

Status MemFile::may_write(u64 end) const {
  const u32 s = seals_.load();
  if ((s & (kWrite | kFutureWrite)) != 0) return Errc::not_permitted;
  if ((s & kGrow) != 0 && end > inode_->attr().size) return Errc::not_permitted;
  return Ok();
}

Result<usize> MemFile::write(const Context& who, Reader& from) const {
  const u64 at = TRY(file_->seek(0, Whence::current));
  TRY(may_write(at + from.remaining()));
  return file_->write(who, from);
}
Result<usize> MemFile::write_at(const Context& who, u64 offset, Reader& from) const {
  TRY(may_write(offset + from.remaining()));
  return file_->write_at(who, offset, from);
}
Result<Mappable> MemFile::memory(Prot prot, bool shared) const {
  const bool sealed = (seals_.load() & (kWrite | kFutureWrite)) != 0;
  if (shared && prot.write && sealed) return Errc::not_permitted;
  Mappable m = TRY(file_->memory(prot, shared));
  if (sealed) m.most = memory_object::read | memory_object::execute;  // mprotect must not bring back what mmap refuses
  return m;
}
Status MemFile::truncate(u64 size) const {
  const u64 old = inode_->attr().size;
  const u32 s = seals_.load();
  if ((size < old && (s & kShrink) != 0) || (size > old && (s & kGrow) != 0)) return Errc::not_permitted;
  return inode_->truncate(size);
}
Status MemFile::fallocate(u32 mode, u64 offset, u64 length) const {
  constexpr u32 kPunchHole = 2;
  if ((mode & kPunchHole) != 0) TRY(may_write(0));
  else if ((seals_.load() & kGrow) != 0 && offset + length > inode_->attr().size) return Errc::not_permitted;
  return inode_->fallocate(mode, offset, length);
}
Status MemFile::add_seals(u32 seals) const {
  if ((seals & ~kAll) != 0) return Errc::invalid_argument;
  u32 old = seals_.load();
  do {
    if ((old & kSeal) != 0) return Errc::not_permitted;
    // A writable shared mapping keeps the write seal away.
    if ((seals & kWrite) != 0 && (old & kWrite) == 0 && inode_->memory() && inode_->mapped_shared()) return Errc::busy;
  } while (!seals_.compare_exchange(old, old | seals));
  return Ok();
}
String MemFile::link_text() const { return ostd::format("/memfd:{} (deleted)", name_); }

}  // namespace svc::fs
