// SPDX-License-Identifier: MPL-2.0
// name_to_handle_at, open_by_handle_at, ustat, sysfs, vhangup. [the man pages of these names, section 2]
#include <base/bytes.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_handles.h>

namespace svc::sys {
namespace {

namespace at {
constexpr u32 unique_id = 1, handle_fid = 0x200, follow = 0x400, empty_path = 0x1000;
}
constexpr u32 kMostBytes = 128;                              // MAX_HANDLE_SZ
constexpr i32 kInoGeneration = 1, kInoGenerationFid = 0x81;  // FILEID_INO32_GEN, FILEID_INO64_GEN
constexpr u64 kUniqueIds = 1ULL << 31;                       // ids that do not come again are above those that do

// What is behind a path: its inode, its mount (none: a file without a name), what it is called.
struct Found {
  Opt<Ref<fs::Inode>> inode{};
  u32 mount_id = 0;
};

Result<Found> find(Caller& c, DirFd dir, UserPath path, u32 flags) {
  const String p = TRY(read_path_maybe_empty(c, path));
  if (p.empty() && (flags & at::empty_path) == 0) return Errc::not_found;
  if (p.empty() && dir.value != kAtFdCwd) {
    const Ref<fs::File> f = TRY(c.files()->get(Fd{dir.value}));
    const Opt<fs::Path> place = f->path();
    return Found{f->inode(), place ? place->mount->id() : 0};
  }
  const fs::Path start = TRY(start_of(c, dir, p.view()));
  const u32 walk = ((flags & at::follow) != 0 ? fs::walk::follow : 0) | (p.empty() ? fs::walk::empty_path : 0);
  const fs::Path place = TRY(fs::resolve(c, *c.fs(), start, p.view(), walk));
  return Found{place.dentry->inode(), place.mount->id()};
}

// The bytes as Linux has them for tmpfs: generation, inode. Those that cannot be opened have the inode first.
struct Encoded {
  i32 type = 0;
  Array<u32, 3> words{};
};
Result<Encoded> encode(const Opt<Ref<fs::Inode>>& inode, u32 flags) {
  const Opt<fs::FileSystem::Handle> h = inode ? (*inode)->file_system()->handle_of(**inode) : Opt<fs::FileSystem::Handle>();
  const u64 ino = h ? h->ino : inode ? (*inode)->ino() : 1;
  const u32 low = static_cast<u32>(ino & 0xffff'ffff), high = static_cast<u32>(ino >> 32);
  if (h) return Encoded{kInoGeneration, {{h->generation, low, high}}};
  if ((flags & at::handle_fid) == 0) return Errc::not_supported;
  return Encoded{kInoGenerationFid, {{low, high, 0}}};
}

}  // namespace

SysResult sys_name_to_handle_at(Caller& c, DirFd dir, UserPath path, UserPtr<UserHandleHead> handle, VirtAddr mount_id, u32 flags) {
  if ((flags & ~(at::unique_id | at::handle_fid | at::follow | at::empty_path)) != 0) return Errc::invalid_argument;
  const Found found = TRY(find(c, dir, path, flags));
  const Encoded e = TRY(encode(found.inode, flags));
  const AddressSpace& as = c.address_space();
  const UserHandleHead asked = TRY(user::read<UserHandleHead>(as, handle.at));
  if (asked.bytes > kMostBytes) return Errc::invalid_argument;
  constexpr u32 kBytes = 12;
  const bool fits = (asked.bytes & ~3U) >= kBytes;
  if ((flags & at::unique_id) != 0) TRY(user::write(as, mount_id, kUniqueIds + found.mount_id));
  else TRY(user::write(as, mount_id, static_cast<i32>(found.mount_id)));
  TRY(user::write(as, handle.at, UserHandleHead{kBytes, fits ? e.type : 0xff}));
  if (!fits) return Errc::overflow;
  TRY(user::write(as, (handle + 1).at, e.words));
  return 0;
}

SysResult sys_open_by_handle_at(Caller& c, DirFd mount, UserPtr<UserHandleHead> handle, OpenFlags flags) {
  Opt<fs::Path> place{};
  Opt<Ref<fs::File>> file{};
  if (mount.value == kAtFdCwd) {
    place = c.fs()->cwd();
  } else {
    file = TRY(c.files()->capability(Fd{mount.value})).ref();
    place = (*file)->path();
  }
  if (!c.capable(Capability::dac_read_search)) return Errc::not_permitted;
  const AddressSpace& as = c.address_space();
  const UserHandleHead head = TRY(user::read<UserHandleHead>(as, handle.at));
  if (head.bytes > kMostBytes || head.bytes == 0) return Errc::invalid_argument;
  Array<u8, kMostBytes> raw{};
  TRY(user::read_bytes(as, (handle + 1).at, raw.items().subspan(0, head.bytes)));
  const Array<u32, 3> words = *from_bytes<Array<u32, 3>>(raw.items().subspan(0, 12));
  const Opt<Ref<fs::Inode>> of_file = file ? (*file)->inode() : Opt<Ref<fs::Inode>>();
  if ((head.bytes & ~3U) < sizeof words || (!place && !of_file)) return Errc::stale;
  const Ref<fs::FileSystem> in = place ? place->mount->file_system() : (*of_file)->file_system();
  const Opt<Ref<fs::Inode>> inode = in->by_handle({words[0], u64{words[2]} << 32 | words[1]});
  if (!inode) return Errc::stale;
  // A memory file has no place: it is made one, as when /proc/PID/fd is followed.
  const Ref<fs::Mount> m = place ? place->mount
                                 : make_ref<fs::Mount>(in, make_ref<fs::Dentry>((*file)->link_text(), Opt<Ref<fs::Dentry>>(), *inode), String("none"), fs::MountFlags{}, 0U);
  const fs::Path found = TRY(fs::place_of(m, *inode));
  const fs::CloseOnExec cloexec = (flags.bits & fs::oflag::cloexec) != 0 ? fs::CloseOnExec::yes : fs::CloseOnExec::no;
  const u64 limit = c.process()->limit(proc::Resource::nofile).soft;
  TRY(c.files()->room(limit));
  constexpr u32 kKnown = 037777777;
  const Ref<fs::File> opened = TRY(fs::open_found(c, *c.fs(), found, (flags.bits & kKnown) | fs::oflag::largefile));
  return static_cast<i64>(TRY(c.files()->install(opened, cloexec, limit)).value);
}

SysResult sys_ustat(Caller& c, u32 device, UserPtr<UserUstat> out) {
  const DevId wanted{device};
  const Opt<Ref<fs::FileSystem>> fs = c.fs()->mounts()->devices().file_system(wanted);
  // Those that are never mounted, and have no figures: memory, sockets, pipes, files without an inode.
  constexpr Array<u32, 4> kInside{{1, 8, 14, 15}};
  bool inside = false;
  for (const u32 minor : kInside.items()) inside = inside || DevId::make(0, minor) == wanted;
  if (!fs && !inside) return Errc::invalid_argument;
  const fs::StatFs s = fs ? (*fs)->statfs() : fs::StatFs{};
  UserUstat u{};
  u.free = static_cast<i32>(static_cast<u32>(s.blocks_free & 0xffff'ffff));
  u.inodes = s.files_free;
  TRY(user::write(c.address_space(), out.at, u));
  return 0;
}

// Kinds of file systems by number.
SysResult sys_sysfs(Caller& c, u32 option, u64 a, u64 b) {
  constexpr u32 kIndex = 1, kName = 2, kCount = 3;
  switch (option) {
    case kIndex: {
      const String wanted = TRY(read_path(c, UserPath{VirtAddr(a)}));
      const Vec<String> names = c.system().file_system_names();
      for (usize i = 0; i < names.size(); ++i)
        if (names[i].view() == wanted.view()) return static_cast<i64>(i);
      return Errc::invalid_argument;
    }
    case kName: {
      const Vec<String> names = c.system().file_system_names();
      const u64 wanted = a & 0xffff'ffff;
      if (wanted >= names.size()) return Errc::invalid_argument;
      const std::string_view name = names[wanted].view();
      Vec<u8> text = Vec<u8>::filled(name.size() + 1, 0);
      for (usize i = 0; i < name.size(); ++i) text[i] = static_cast<u8>(name[i]);
      TRY(user::write_bytes(c.address_space(), VirtAddr(b), text.items()));
      return 0;
    }
    case kCount: return static_cast<i64>(c.system().file_system_names().size());
    default: return Errc::invalid_argument;
  }
}

SysResult sys_vhangup(Caller& c) {
  if (!c.capable(Capability::sys_tty_config)) return Errc::not_permitted;
  const Opt<Ref<SessionRef>> session = c.session();
  const Opt<Ref<ControllingTerminal>> terminal = session ? (*session)->terminal() : Opt<Ref<ControllingTerminal>>();
  if (terminal) (*terminal)->vhangup();
  return 0;
}

}  // namespace svc::sys
