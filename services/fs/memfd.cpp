// SPDX-License-Identifier: MPL-2.0
// memfd.
#include <base/format.h>
#include <services/fs/memfd.h>

namespace svc::fs {

Result<Ref<File>> MemFile::create(std::string_view name, u32 seals, u16 mode) {
  TmpfsOptions o{};
  o.size_bytes = ~0ULL & ~kPageMask;  // bounded by memory, not by a file system
  const Ref<Tmpfs> fs = make_ref<Tmpfs>(StaticStr("tmpfs"), 1U, o);  // without a root: no name leads here
  Inode::NewInode n{};
  n.mode = Mode{mode};
  const Ref<TmpInode> i = TRY(TmpInode::create(fs, n));
  i->make_memfd(seals);
  return Ref<File>(make_ref<MemFile>(i, String(name)));
}

String MemFile::link_text() const { return ostd::format("/memfd:{} (deleted)", name_); }

}  // namespace svc::fs
