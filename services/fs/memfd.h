// SPDX-License-Identifier: MPL-2.0
// memfd [memfd_create(2)]: a regular file without a name, which can be sealed.
#pragma once
#include <services/fs/regular.h>
#include <services/fs/tmpfs/tmpfs.h>

namespace svc::fs {

class MemFile final : public RegularFile {
 public:
  static Result<Ref<File>> create(std::string_view name, u32 seals, u16 mode);
  MemFile(Ref<TmpInode> inode, String name) : RegularFile(Ref<Inode>(std::move(inode)), oflag::rdwr | oflag::largefile, 0), name_(std::move(name)) {}
  String link_text() const override;

 private:
  String name_;
};

}  // namespace svc::fs
