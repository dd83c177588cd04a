// SPDX-License-Identifier: MPL-2.0
// The one inode that all files share which have none of their own: eventfd, epoll, inotify ... What is locked of one is locked of all.
#pragma once
#include <services/fs/inode.h>

namespace svc::fs {

class AnonymousFs final : public FileSystem {
 public:
  std::string_view type_name() const [[clang::lifetimebound]] override { return "anon_inodefs"; }
  Ref<Inode> root() const override;
  StatFs statfs() const override {
    StatFs s{};
    s.type_magic = 0x09041934;
    return s;
  }
  DevId device() const override { return DevId::make(0, 15); }
};

class AnonymousInode final : public Inode {
 public:
  explicit AnonymousInode(Ref<FileSystem> fs) : fs_(std::move(fs)) {}
  Ref<FileSystem> file_system() const override { return fs_; }
  FileType type() const override { return FileType::anonymous; }
  u64 ino() const override { return 1; }
  Attr attr() const override {
    Attr a{};
    a.ino = 1;
    a.type = FileType::anonymous;
    a.mode = Mode{0600};
    return a;
  }
  Status set_attr(const AttrChange&) const override { return Errc::not_permitted; }

 private:
  Ref<FileSystem> fs_;
};

inline Ref<Inode> AnonymousFs::root() const { return make_ref<AnonymousInode>(ref_of(*this)); }

}  // namespace svc::fs
