// SPDX-License-Identifier: MPL-2.0
// memfd [memfd_create(2)]: a regular file without a name, with seals.
#pragma once
#include <services/fs/regular.h>
#include <services/fs/tmpfs/tmpfs.h>

namespace svc::fs {

class MemFile final : public File {
 public:
  static Result<Ref<File>> create(std::string_view name, u32 seals, u16 mode);
  MemFile(Ref<TmpInode> inode, String name, u32 seals)
      : File(oflag::rdwr | oflag::largefile), inode_(std::move(inode)), name_(std::move(name)), file_(make_ref<RegularFile>(Ref<Inode>(inode_), oflag::rdwr, 0)), seals_(seals) {}
  Result<usize> read(const Context& who, Writer& to) const override { return file_->read(who, to); }
  Result<usize> write(const Context& who, Reader& from) const override;
  Result<usize> read_at(const Context& who, u64 offset, Writer& to) const override { return file_->read_at(who, offset, to); }
  Result<usize> write_at(const Context& who, u64 offset, Reader& from) const override;
  Result<u64> seek(i64 offset, Whence whence) const override { return file_->seek(offset, whence); }
  Result<Mappable> memory(Prot prot, bool shared) const override;
  Rights<File> offers() const override { return file::seek | file::map; }
  bool pollable() const override { return false; }
  Status truncate(u64 size) const override;
  Status fallocate(u32 mode, u64 offset, u64 length) const override;
  Status sync(bool data_only) const override { return Ok(); }
  Status add_seals(u32 seals) const override;
  Result<u32> seals() const override { return seals_.load(); }
  Opt<Ref<Inode>> inode() const override { return Opt<Ref<Inode>>(Ref<Inode>(inode_)); }
  String link_text() const override;

 private:
  Status may_write(u64 end) const;
  Ref<TmpInode> inode_;
  String name_;
  Ref<RegularFile> file_;
  Atomic<u32> seals_;
};

}  // namespace svc::fs
