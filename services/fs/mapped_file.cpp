// SPDX-License-Identifier: MPL-2.0
// Mapped files.
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
  u64 link_count() const override {
    const Opt<Ref<Inode>> i = file_->inode();
    return i ? (*i)->attr().nlink : 0;
  }
  bool executable() const override {
    const Opt<Ref<Inode>> i = file_->inode();
    return i && ((*i)->attr().mode.bits & 0111) != 0;
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

Result<DynCap<MemoryObject>> FileMemory::of(const DynCap<File>& f, Prot prot, bool shared) {
  const bool writes = shared && f.allows(file::write);
  if ((shared && prot.write && !writes) || !f.allows(file::read)) return Errc::access_denied;
  const Opt<Path> at = f->path();
  const bool no_exec = at && at->mount->flags().no_exec;
  if (no_exec && prot.exec) return Errc::not_permitted;
  const Result<CapRef<File, file::map>> mapping = f.as<file::map>(Errc::no_device);
  if (!mapping.ok()) return mapping.error();
  Mappable m = TRY(mapping.value().memory(prot, shared));
  Rights<MemoryObject> r = memory_object::read | kDup;
  if (!no_exec) r = r | memory_object::execute;
  if (writes) r = r | memory_object::write;
  return DynCap<MemoryObject>::mint(MemoryObject::MintKey(), std::move(m.object), r & (m.most | kDup));
}

Result<DynCap<MemoryObject>> FileMemory::of_program(CapRef<File, file::execute> f, Prot prot) {
  Mappable m = TRY(f.program(prot));
  return DynCap<MemoryObject>::mint(MemoryObject::MintKey(), std::move(m.object), memory_object::read | memory_object::execute | kDup);
}

}  // namespace svc::fs
