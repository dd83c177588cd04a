// SPDX-License-Identifier: MPL-2.0
// mmap and its family. [mmap(2), munmap(2), mprotect(2), mremap(2), brk(2), madvise(2), msync(2), mincore(2), mlock(2)]
#include <base/checked.h>
#include <services/fs/mapped_file.h>
#include <services/syscall/sys_memory.h>

namespace svc::sys {
namespace {

namespace m {
constexpr u32 shared = 1, private_ = 2, shared_validate = 3, type = 15, fixed = 0x10, anonymous = 0x20, grows_down = 0x100, locked = 0x2000,
              no_reserve = 0x4000, populate = 0x8000, stack = 0x20000, huge_tlb = 0x40000, sync = 0x80000, no_replace = 0x100000;
// LEGACY_MAP_MASK: what MAP_SHARED_VALIDATE accepts.
constexpr u32 old_flags = 0x7c07'f9f3;
}
constexpr Array kProtNames{FlagName{1, "PROT_READ"}, FlagName{2, "PROT_WRITE"}, FlagName{4, "PROT_EXEC"}};
constexpr Array kMapNames{FlagName{m::shared_validate, "MAP_SHARED_VALIDATE"}, FlagName{m::shared, "MAP_SHARED"}, FlagName{m::private_, "MAP_PRIVATE"},
    FlagName{m::fixed, "MAP_FIXED"}, FlagName{m::anonymous, "MAP_ANONYMOUS"}, FlagName{m::grows_down, "MAP_GROWSDOWN"},
    FlagName{m::locked, "MAP_LOCKED"}, FlagName{m::no_reserve, "MAP_NORESERVE"}, FlagName{m::populate, "MAP_POPULATE"},
    FlagName{m::stack, "MAP_STACK"}, FlagName{m::no_replace, "MAP_FIXED_NOREPLACE"}};

Prot to_prot(u32 bits) { return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0}; }

}  // namespace

std::span<const FlagName> ProtNames::names() { return kProtNames.items(); }
std::span<const FlagName> MapNames::names() { return kMapNames.items(); }

SysResult sys_mmap(Caller& c, VirtAddr at, u64 length, Flags<ProtNames> prot, Flags<MapNames> flags, Fd fd, u64 offset) {
  const u32 f = flags.bits;
  if ((offset & kPageMask) != 0) return Errc::invalid_argument;
  Opt<DynCap<fs::File>> file{};
  if ((f & m::anonymous) == 0) file = TRY(c.files()->capability(fd));
  if (length == 0) return Errc::invalid_argument;
  const u32 type = f & m::type;
  if (type != m::shared && type != m::private_ && type != m::shared_validate) return Errc::invalid_argument;
  if (type == m::shared_validate && !file) return Errc::invalid_argument;
  if (type == m::shared_validate && (f & ~m::old_flags & ~m::sync) != 0) return Errc::not_supported;
  if (page_up(length) == 0) return Errc::out_of_memory;
  if (page_up(wrapping_add(offset, length)) < offset) return Errc::overflow;
  if ((f & (m::huge_tlb | m::sync)) != 0) return (f & m::sync) != 0 && type == m::shared_validate ? Errc::not_supported : Errc::invalid_argument;
  vm::MapRequest r{};
  r.hint = at;
  r.length = length;
  r.prot = to_prot(prot.bits);
  r.sharing = type == m::private_ ? vm::Sharing::private_ : vm::Sharing::shared;
  using Placement = vm::MapRequest::Placement;
  r.placement = (f & m::no_replace) != 0 ? Placement::fixed_no_replace : (f & m::fixed) != 0 ? Placement::fixed : Placement::hint;
  r.grows_down = (f & m::grows_down) != 0;
  r.no_reserve = (f & (m::no_reserve | m::stack)) != 0 || r.prot.none();
  r.populate = (f & m::populate) != 0;
  r.locked = (f & m::locked) != 0;
  r.offset = offset;
  r.may_map_low = c.capable(Capability::sys_rawio);
  vm::VmLimits l = c.vm_limits();
  if (c.capable(Capability::ipc_lock)) l.locked = ~0ULL;
  if (r.locked && l.locked == 0) return Errc::not_permitted;
  if (file) {
    r.object = TRY(fs::FileMemory::of(*file, r.prot, r.sharing == vm::Sharing::shared));
    r.file = fs::mapped_file_of(file->ref());
  }
  const VirtAddr where = TRY(c.vm().map(r, l));
  return static_cast<i64>(where.value);
}

SysResult sys_munmap(Caller& c, VirtAddr at, u64 length) {
  TRY(c.vm().unmap(at, length));
  return 0;
}
SysResult sys_mprotect(Caller& c, VirtAddr at, u64 length, Flags<ProtNames> prot) {
  constexpr u32 kGrows = 0x0300'0000;
  if ((prot.bits & ~(7U | 8U | kGrows)) != 0 || (prot.bits & kGrows) == kGrows) return Errc::invalid_argument;
  TRY(c.vm().protect(at, length, to_prot(prot.bits), c.vm_limits()));
  return 0;
}
SysResult sys_mremap(Caller& c, VirtAddr at, u64 old_length, u64 new_length, u32 flags, VirtAddr new_at) {
  const VirtAddr r = TRY(c.vm().remap({at, old_length, new_length, flags, new_at}, c.vm_limits()));
  return static_cast<i64>(r.value);
}
SysResult sys_brk(Caller& c, VirtAddr at) { return static_cast<i64>(c.vm().set_break(at, c.vm_limits()).value); }
SysResult sys_madvise(Caller& c, VirtAddr at, u64 length, u32 advice) {
  TRY(c.vm().advise(at, length, advice));
  return 0;
}
SysResult sys_msync(Caller& c, VirtAddr at, u64 length, u32 flags) {
  TRY(c.vm().sync(at, length, flags));
  return 0;
}
SysResult sys_mincore(Caller& c, VirtAddr at, u64 length, UserBuffer out) {
  constexpr u64 kPiece = 512 * kPageSize;
  u64 done = 0;
  do {
    const u64 n = length - done < kPiece ? length - done : kPiece;
    Vec<u8> bytes{};
    TRY(c.vm().residency(at + done, n, [&](bool here) { bytes.push_back(here ? 1 : 0); }));
    TRY(user::write_bytes(c.address_space(), VirtAddr(out.at.value + (done >> kPageShift)), bytes.items()));
    done += n;
  } while (done < length);
  return 0;
}
namespace {
SysResult lock(Caller& c, VirtAddr at, u64 length, vm::PageLock how) {
  vm::VmLimits l = c.vm_limits();
  if (c.capable(Capability::ipc_lock)) l.locked = ~0ULL;
  else if (l.locked == 0) return Errc::not_permitted;
  TRY(c.vm().lock_pages(at, length, how, l));
  return 0;
}
}  // namespace

SysResult sys_mlock(Caller& c, VirtAddr at, u64 length) { return lock(c, at, length, vm::PageLock::now); }
SysResult sys_munlock(Caller& c, VirtAddr at, u64 length) {
  TRY(c.vm().lock_pages(at, length, vm::PageLock::none, c.vm_limits()));
  return 0;
}
SysResult sys_mlock2(Caller& c, VirtAddr at, u64 length, u32 flags) {
  constexpr u32 kOnFault = 1;
  if ((flags & ~kOnFault) != 0) return Errc::invalid_argument;
  return lock(c, at, length, flags == kOnFault ? vm::PageLock::on_fault : vm::PageLock::now);
}
// [Documentation/userspace-api/mseal.rst]. Errors: invalid_argument (flags, alignment, the end wraps), out_of_memory (holes).
SysResult sys_mseal(Caller& c, VirtAddr at, u64 length, u64 flags) {
  if (flags != 0) return Errc::invalid_argument;
  TRY(c.vm().seal(at, length));
  return 0;
}
SysResult sys_mlockall(Caller& c, u32 flags) {
  constexpr u32 kCurrent = 1, kFuture = 2, kOnFault = 4;
  if (flags == 0 || flags == kOnFault || (flags & ~(kCurrent | kFuture | kOnFault)) != 0) return Errc::invalid_argument;
  vm::VmLimits l = c.vm_limits();
  if (c.capable(Capability::ipc_lock)) l.locked = ~0ULL;
  else if (l.locked == 0) return Errc::not_permitted;
  TRY(c.vm().lock_all({(flags & kCurrent) != 0, (flags & kFuture) != 0, (flags & kOnFault) != 0}, l));
  return 0;
}
SysResult sys_munlockall(Caller& c) {
  TRY(c.vm().lock_all({}, c.vm_limits()));
  return 0;
}

}  // namespace svc::sys
