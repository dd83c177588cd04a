// SPDX-License-Identifier: MPL-2.0
// Open files of regular files, of directories, and O_PATH handles.
#pragma once
#include <services/fs/file.h>

namespace svc::fs {


Result<Ref<File>> open_regular(const Ref<Inode>& inode, u32 flags);   // text_busy when it is being executed and flags write
// A read-only file that keeps writers away while a program runs from it. Errors: text_busy.
Result<Cap<File, file::execute>> open_for_exec(const Ref<Inode>& inode);

// A write or truncation by someone without CAP_FSETID takes the set-id bits away. [write(2), inode(7)]
// Whoever it is by, it takes away the capabilities that the file gives.
Status drop_capabilities(const Inode& inode);
Status drop_set_ids(const Context& who, const Inode& inode);

class RegularFile : public File {
 public:
  RegularFile(Ref<Inode> inode, u32 flags, i32 hold) : File(flags), inode_(std::move(inode)), hold_(hold) {}
  ~RegularFile() override;
  Result<usize> read(const Context& who, Writer& to) const override;
  Result<usize> write(const Context& who, Reader& from) const override;
  Result<usize> read_at(const Context& who, u64 offset, Writer& to) const override;
  Result<usize> write_at(const Context& who, u64 offset, Reader& from) const override;
  Result<usize> write_end(const Context& who, Reader& from, Position position) const override;
  Result<u64> seek(i64 offset, Whence whence) const override;
  Result<Mappable> memory(Prot prot, bool shared) const override;
  Rights<File> offers() const override { return file::seek | file::map; }
  bool pollable() const override { return false; }
  Status truncate(u64 size) const override;
  Status fallocate(u32 mode, u64 offset, u64 length) const override;
  Status sync(bool data_only) const override { return Ok(); }
  Status add_seals(u32 seals) const override { return inode_->add_seals(seals); }
  Result<u32> seals() const override { return inode_->seals(); }
  String fdinfo() const override;
  Opt<Ref<Inode>> inode() const override { return inode_; }

 private:
  Result<Inode::Written> write_limited(const Context& who, u64 offset, Reader& from, Inode::AppendMode mode) const;
  bool appends(const Context& who) const { return (flags() & oflag::append) != 0 && !who.transfer.no_append; }
  Ref<Inode> inode_;
  i32 hold_ = 0;                                      // what it added to inode_->writers: 1 writes, -1 executes, 0 neither
  MutexLocked<u64, rank::kFilePosition> position_{};
};

class DirFile final : public File {
 public:
  DirFile(Ref<Inode> inode, u32 flags) : File(flags), inode_(std::move(inode)) {}
  Result<usize> read(const Context& who, Writer& to) const override { return Errc::is_directory; }
  Asks read_asks() const override { return {.any = false}; }
  Result<usize> read_at(const Context& who, u64 offset, Writer& to) const override { return Errc::is_directory; }
  Result<u64> seek(i64 offset, Whence whence) const override;
  Rights<File> offers() const override { return file::seek; }
  bool pollable() const override { return false; }
  Status read_dir(const Context& who, DirSink& sink) const override;
  Status sync(bool data_only) const override { return Ok(); }
  Opt<Ref<Inode>> inode() const override { return inode_; }

 private:
  Ref<Inode> inode_;
  MutexLocked<u64, rank::kFilePosition> position_{};
};

// O_PATH: a place, not an open file.
class PathFile final : public File {
 public:
  explicit PathFile(u32 flags) : File(flags) {}
};

}  // namespace svc::fs
