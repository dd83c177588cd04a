// SPDX-License-Identifier: MPL-2.0
// cpio archives to files. Every field is checked: an archive is input from outside.
#include <base/array.h>
#include <base/map.h>
#include <services/fs/cpio.h>

namespace svc::fs {
namespace {

struct Header { u64 ino = 0, mode = 0, uid = 0, gid = 0, nlink = 0, mtime = 0, size = 0, rmajor = 0, rminor = 0, name_size = 0; };
constexpr usize kHeaderSize = 110;

constexpr u64 align4(u64 v) { return (v + 3) & ~3ULL; }

Result<u64> hex8(std::span<const u8> b) {
  u64 v = 0;
  for (const u8 c : b) {
    u64 d = 0;
    if (c >= '0' && c <= '9') d = c - static_cast<u64>('0');
    else if (c >= 'a' && c <= 'f') d = c - static_cast<u64>('a') + 10;
    else if (c >= 'A' && c <= 'F') d = c - static_cast<u64>('A') + 10;
    else return Errc::bad_message;
    v = v << 4 | d;
  }
  return v;
}

Result<Header> read_header(const BootBlob& a, u64 at) {
  Array<u8, kHeaderSize> raw{};
  if (a.read(at, raw.items()) != kHeaderSize) return Errc::bad_message;
  const std::span<const u8> b = raw.items();
  if (b[0] != '0' || b[1] != '7' || b[2] != '0' || b[3] != '7' || b[4] != '0' || (b[5] != '1' && b[5] != '2')) return Errc::bad_message;
  Array<u64, 13> f{};
  for (usize i = 0; i < 13; ++i) f[i] = TRY(hex8(b.subspan(6 + i * 8, 8)));
  return Header{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[9], f[10], f[11]};
}

FileType type_of(u64 mode) { return static_cast<FileType>(mode >> 12 & 15); }
bool known_type(u64 mode) {
  const u64 t = mode >> 12 & 15;
  return t == 1 || t == 2 || t == 4 || t == 6 || t == 8 || t == 10 || t == 12;
}

// The directory of a path in the archive, made as needed; name gets the last component.
Result<Ref<Dentry>> directory_for(const Ref<Dentry>& root, std::string_view path, String& name) {
  Ref<Dentry> at = root;
  usize i = 0;
  for (;;) {
    while (i < path.size() && path[i] == '/') ++i;
    const usize slash = path.find('/', i);
    const std::string_view part = path.substr(i, slash == std::string_view::npos ? slash : slash - i);
    if (part == ".." || part.size() > 255) return Errc::bad_message;
    if (slash == std::string_view::npos) {
      name = String(part);
      return at;
    }
    i = slash;
    if (part == ".") continue;
    Result<Ref<Dentry>> next = at->child(part);
    if (!next.ok()) {
      Inode::NewInode dir{};
      dir.type = FileType::directory;
      dir.mode = Mode{0755};
      const Ref<Inode> made = TRY(at->inode()->create(part, dir));
      next = at->attach(part, made);
    }
    if (next.value()->inode()->type() != FileType::directory) return Errc::bad_message;
    at = next.value();
  }
}

Status copy_data(const BootBlob& a, u64 at, u64 size, const Inode& inode) {
  Vec<u8> buffer = Vec<u8>::filled(kPageSize, 0);
  for (u64 done = 0; done < size;) {
    const usize want = size - done < kPageSize ? size - done : kPageSize;
    if (a.read(at + done, buffer.items().subspan(0, want)) != want) return Errc::bad_message;
    Reader r = Reader::buffer(buffer.items().subspan(0, want));
    TRY(mem::reserve(8));
    const Inode::Written w = TRY(inode.write_at(done, r, Inode::AppendMode::at_offset));
    if (w.count != want) return Errc::no_space;
    done += want;
  }
  return Ok();
}

Result<Ref<Inode>> make(const BootBlob& a, const Header& h, u64 data, const Ref<Dentry>& dir, std::string_view name) {
  const Result<Ref<Dentry>> known = dir->child(name);
  if (known.ok()) {
    if (known.value()->inode()->type() == FileType::directory && type_of(h.mode) == FileType::directory) return known.value()->inode();
    TRY(dir->inode()->unlink(name));
    dir->detach(name);
  }
  Inode::NewInode n{};
  n.type = type_of(h.mode);
  n.mode = Mode{static_cast<u16>(h.mode & 07777)};
  n.uid = Uid{static_cast<u32>(h.uid)};
  n.gid = Gid{static_cast<u32>(h.gid)};
  n.rdev = DevId::make(static_cast<u32>(h.rmajor), static_cast<u32>(h.rminor));
  Vec<u8> target{};
  if (n.type == FileType::symlink) {
    if (h.size == 0 || h.size > 4095) return Errc::bad_message;
    target = Vec<u8>::filled(h.size, 0);
    if (a.read(data, target.items()) != h.size) return Errc::bad_message;
  }
  const String text(target.items());
  n.target = text.copy();
  return dir->inode()->create(name, n);
}

}  // namespace

Result<UnpackReport> unpack_cpio(const BootBlob& archive, const Ref<Dentry>& root) {
  UnpackReport report{};
  Map<u64, Ref<Inode>> hard_links{};
  u64 at = 0;
  bool ended = false;
  while (at < archive.size()) {
    Array<u8, 4> pad{};
    if (archive.read(at, pad.items().subspan(0, 1)) == 1 && pad[0] == 0) {  // padding between archives
      ++at;
      continue;
    }
    const Header h = TRY(read_header(archive, at));
    if (h.name_size == 0 || h.name_size > 4096) return Errc::bad_message;
    Vec<u8> raw = Vec<u8>::filled(h.name_size, 0);
    if (archive.read(at + kHeaderSize, raw.items()) != h.name_size || raw.back() != 0) return Errc::bad_message;
    const String name(raw.items().subspan(0, h.name_size - 1));
    const u64 data = at + align4(kHeaderSize + h.name_size);
    if (data > archive.size() || h.size > archive.size() - data) return Errc::bad_message;
    at = data + align4(h.size);
    ended = name.view() == "TRAILER!!!";
    if (ended) {
      hard_links.clear();
      continue;
    }
    if (!known_type(h.mode)) return Errc::bad_message;
    TRY(mem::reserve(16));
    String last{};
    const Ref<Dentry> dir = TRY(directory_for(root, name.view(), last));
    if (last.empty() || last.view() == ".") {
      AttrChange c{};
      c.mode = Mode{static_cast<u16>(h.mode & 07777)};
      static_cast<void>(dir->inode()->set_attr(c).ok());
      continue;
    }
    const bool linked = h.nlink > 1 && type_of(h.mode) == FileType::regular;
    const Opt<Ref<Inode>> first = linked ? hard_links.get(h.ino) : Opt<Ref<Inode>>();
    Opt<Ref<Inode>> inode = first;
    if (first) TRY(dir->inode()->link(last.view(), *first));
    else inode = TRY(make(archive, h, data, dir, last.view()));
    if (linked && !first) hard_links.insert(h.ino, *inode);
    if (type_of(h.mode) == FileType::regular) TRY(copy_data(archive, data, h.size, **inode));
    AttrChange c{};
    c.mtime = FileTime{static_cast<i64>(h.mtime) * 1'000'000'000};
    static_cast<void>((*inode)->set_attr(c).ok());
    ++report.files;
    report.bytes += h.size;
  }
  if (!ended) return Errc::bad_message;
  return report;
}

}  // namespace svc::fs
