// SPDX-License-Identifier: MPL-2.0
// Extended attributes. [setxattr(2), getxattr(2), listxattr(2), removexattr(2)]
#include <services/fs/xattr.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_xattr.h>

namespace svc::sys {
namespace {

constexpr u32 kFollow = fs::walk::follow, kStay = 0;
constexpr usize kListMax = 65536;

Result<fs::XattrPlace> place(Caller& c, UserPath path, u32 walk) {
  const String p = TRY(read_path(c, path));
  const fs::Path start = TRY(start_of(c, DirFd{kAtFdCwd}, p.view()));
  const fs::Path at = TRY(fs::resolve(c, *c.fs(), start, p.view(), walk));
  return fs::XattrPlace{Opt<Ref<fs::Mount>>(at.mount), Opt<Ref<fs::Dentry>>(at.dentry), Opt<Ref<fs::Inode>>(at.dentry->inode())};
}
Result<fs::XattrPlace> place(Caller& c, Fd fd) {
  const Cap<fs::File, fs::file::control> f = TRY(c.files()->get<fs::file::control>(fd));
  const Opt<fs::Path> at = f->path();
  fs::XattrPlace p{};
  p.inode = f->inode();
  if (at) {
    p.mount = at->mount;
    p.dentry = at->dentry;
  }
  return p;
}

// Errors: out_of_range (empty, or longer than a name can be), fault.
Result<String> name_arg(Caller& c, UserString name) {
  Result<String> n = user::read_string(c.address_space(), name.at, fs::kXattrNameMax);
  if (!n.ok()) return n.error() == Errc::name_too_long ? Errc::out_of_range : n.error();
  if (n.value().empty()) return Errc::out_of_range;
  return n;
}

struct SetArgs {
  String name;
  Ref<fs::XattrValue> value;
  fs::XattrSet how = fs::XattrSet::any;
};
Result<SetArgs> set_args(Caller& c, UserString name, UserBuffer value, u64 size, u32 flags) {
  constexpr u32 kCreate = 1, kReplace = 2;
  if ((flags & ~(kCreate | kReplace)) != 0) return Errc::invalid_argument;
  String n = TRY(name_arg(c, name));
  if (size > fs::kXattrSizeMax) return Errc::argument_list_too_long;
  TRY(mem::reserve(8 + 3 * (size >> kPageShift)));  // a block of a power of two pages
  Vec<u8> bytes{};
  if (size != 0) {
    bytes.resize(size);
    TRY(user::read_bytes(c.address_space(), value.at, bytes.items()));
  }
  // Both at once: it is there and must not be, or it is not there and must be.
  const fs::XattrSet how = (flags & kCreate) != 0 ? fs::XattrSet::create : (flags & kReplace) != 0 ? fs::XattrSet::replace : fs::XattrSet::any;
  return SetArgs{std::move(n), make_ref<fs::XattrValue>(std::move(bytes)), how};
}

SysResult set(Caller& c, const fs::XattrPlace& at, const SetArgs& a, u32 flags) {
  constexpr u32 kBoth = 3;
  const bool replace = flags == kBoth && !fs::get_xattr(c, at, a.name.view()).ok();
  TRY(fs::set_xattr(c, at, a.name.view(), a.value, replace ? fs::XattrSet::replace : a.how));
  return 0;
}
// By path what is to be set is looked at first, by descriptor the file is.
SysResult set_at(Caller& c, UserPath path, u32 walk, UserString name, UserBuffer value, u64 size, u32 flags) {
  const SetArgs a = TRY(set_args(c, name, value, size, flags));
  return set(c, TRY(place(c, path, walk)), a, flags);
}

// Size 0 asks for the size.
SysResult give(Caller& c, std::span<const u8> bytes, UserBuffer to, u64 size, usize most) {
  if (size > most) size = most;
  if (size != 0) {
    if (bytes.size() > size) return size == most ? Errc::argument_list_too_long : Errc::out_of_range;
    TRY(user::write_bytes(c.address_space(), to.at, bytes));
  }
  return static_cast<i64>(bytes.size());
}

SysResult get(Caller& c, const Result<fs::XattrPlace>& at, UserString name, UserBuffer value, u64 size) {
  if (!at.ok()) return at.error();
  const String n = TRY(name_arg(c, name));
  const Ref<fs::XattrValue> v = TRY(fs::get_xattr(c, at.value(), n.view()));
  return give(c, v->bytes().items(), value, size, fs::kXattrSizeMax);
}

SysResult list(Caller& c, const Result<fs::XattrPlace>& at, UserBuffer to, u64 size) {
  if (!at.ok()) return at.error();
  TRY(mem::reserve(64));
  const String names = fs::list_xattrs(c, at.value());
  return give(c, names.bytes(), to, size, kListMax);
}

SysResult remove_at(Caller& c, UserPath path, u32 walk, UserString name) {
  const String n = TRY(name_arg(c, name));
  TRY(fs::remove_xattr(c, TRY(place(c, path, walk)), n.view()));
  return 0;
}

}  // namespace

SysResult sys_setxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size, u32 flags) { return set_at(c, path, kFollow, name, value, size, flags); }
SysResult sys_lsetxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size, u32 flags) { return set_at(c, path, kStay, name, value, size, flags); }
SysResult sys_fsetxattr(Caller& c, Fd fd, UserString name, UserBuffer value, u64 size, u32 flags) {
  const fs::XattrPlace at = TRY(place(c, fd));
  const SetArgs a = TRY(set_args(c, name, value, size, flags));
  return set(c, at, a, flags);
}
SysResult sys_getxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size) { return get(c, place(c, path, kFollow), name, value, size); }
SysResult sys_lgetxattr(Caller& c, UserPath path, UserString name, UserBuffer value, u64 size) { return get(c, place(c, path, kStay), name, value, size); }
SysResult sys_fgetxattr(Caller& c, Fd fd, UserString name, UserBuffer value, u64 size) { return get(c, place(c, fd), name, value, size); }
SysResult sys_listxattr(Caller& c, UserPath path, UserBuffer to, u64 size) { return list(c, place(c, path, kFollow), to, size); }
SysResult sys_llistxattr(Caller& c, UserPath path, UserBuffer to, u64 size) { return list(c, place(c, path, kStay), to, size); }
SysResult sys_flistxattr(Caller& c, Fd fd, UserBuffer to, u64 size) { return list(c, place(c, fd), to, size); }
SysResult sys_removexattr(Caller& c, UserPath path, UserString name) { return remove_at(c, path, kFollow, name); }
SysResult sys_lremovexattr(Caller& c, UserPath path, UserString name) { return remove_at(c, path, kStay, name); }
SysResult sys_fremovexattr(Caller& c, Fd fd, UserString name) {
  const fs::XattrPlace at = TRY(place(c, fd));
  const String n = TRY(name_arg(c, name));
  TRY(fs::remove_xattr(c, at, n.view()));
  return 0;
}

}  // namespace svc::sys
