// SPDX-License-Identifier: MPL-2.0
// Names of mapped files.
#include <services/fs/mapped_file.h>
#include <services/fs/mount.h>

namespace svc::fs {
namespace {

class OpenMapping final : public MappedFile {
 public:
  explicit OpenMapping(Ref<File> f) : file_(std::move(f)) {}
  String path() const override {
    const Opt<Path> at = file_->path();
    if (!at) return file_->link_text();
    return path_text(*at, top_of(*at), Deleted::mark);
  }
  DevId device() const override {
    const Opt<Ref<Inode>> i = file_->inode();
    return i ? (*i)->file_system()->device() : DevId{};
  }
  u64 inode_number() const override {
    const Opt<Ref<Inode>> i = file_->inode();
    return i ? (*i)->ino() : 0;
  }

 private:
  // The root that every place of this tree of mounts is below.
  static Path top_of(Path at) {
    for (;;) {
      const Opt<Path> up = at.mount->mount_point();
      if (!up) return {at.mount, at.mount->root()};
      at = *up;
    }
  }
  Ref<File> file_;
};

}  // namespace

Ref<MappedFile> mapped_file_of(const Ref<File>& file) { return make_ref<OpenMapping>(file); }

}  // namespace svc::fs
