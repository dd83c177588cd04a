// SPDX-License-Identifier: MPL-2.0
#include <services/fs/core_file.h>
#include <services/fs/namei.h>

namespace svc::fs {

Result<CoreFile> CoreFile::create(const Context& who, const FsContext& fs, std::string_view name, Place place) {
  constexpr u32 kFlags = oflag::creat | oflag::excl | oflag::wronly | oflag::nofollow | oflag::largefile;
  constexpr u16 kOwnerOnly = 0600, kMatters = 0677;
  const bool own = place == Place::own;
  const Path start = own ? fs.cwd() : fs.mounts()->root();
  // That there is none, or that it cannot go, is the next call's affair.
  if (own) static_cast<void>(unlink(who, fs, start, name).ok());
  const Ref<File> f = TRY(open(who, fs, start, name, OpenHow{kFlags, kOwnerOnly, own ? 0 : walk::in_root}));
  const Opt<Ref<Inode>> inode = f->inode();
  if (!inode || (*inode)->type() != FileType::regular) return Errc::not_permitted;
  const Attr a = (*inode)->attr();
  if (a.nlink != 1 || a.uid != who.credentials().values().fsuid || (a.mode.bits & kMatters) != kOwnerOnly) return Errc::not_permitted;
  return CoreFile(Cap<File, file::write | file::seek>::mint(File::MintKey(), f));
}

Status CoreFile::write(const Context& who, u64 offset, std::span<const u8> bytes) const {
  for (usize done = 0; done < bytes.size();) {
    TRY(mem::reserve(8));
    Reader r = Reader::buffer(bytes.subspan(done));
    const usize n = TRY(file_.write_at(who, offset + done, r));
    if (n == 0) return Errc::no_space;
    done += n;
  }
  return Ok();
}

}  // namespace svc::fs
