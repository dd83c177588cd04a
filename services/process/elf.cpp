// SPDX-License-Identifier: MPL-2.0
// Reading, checking and mapping ELF64 images.
#include <base/array.h>
#include <base/bytes.h>
#include <base/checked.h>
#include <services/fs/mapped_file.h>
#include <services/process/elf.h>

namespace svc::proc {
namespace {

struct Header {  // Elf64_Ehdr
  Array<u8, 16> ident{};
  u16 type = 0, machine = 0;
  u32 version = 0;
  u64 entry = 0, phoff = 0, shoff = 0;
  u32 flags = 0;
  u16 ehsize = 0, phentsize = 0, phnum = 0, shentsize = 0, shnum = 0, shstrndx = 0;
};
static_assert(sizeof(Header) == 64);

struct ProgramHeader {  // Elf64_Phdr
  u32 type = 0, flags = 0;
  u64 offset = 0, vaddr = 0, paddr = 0, filesz = 0, memsz = 0, align = 0;
};
static_assert(sizeof(ProgramHeader) == 56);

constexpr u32 kLoad = 1, kInterp = 3, kGnuStack = 0x6474e551;
constexpr u16 kExec = 2, kDyn = 3, kX8664 = 62;
constexpr usize kMaxHeaders = 65536 / sizeof(ProgramHeader);  // ELF_MIN_ALIGN rule of Linux: at most 64 KiB of them

template <class T>
Result<T> read_struct(CapRef<fs::File, fs::file::execute> f, const Context& who, u64 at) {
  Array<u8, sizeof(T)> raw{};
  Writer w = Writer::buffer(raw.items());
  const usize n = TRY(f.load(who, at, w));
  if (n != sizeof(T)) return Errc::not_executable;
  Opt<T> v = from_bytes<T>(raw.items());
  if (!v) return Errc::not_executable;
  return *v;
}

Prot prot_of(u32 flags) { return {(flags & 4) != 0, (flags & 2) != 0, (flags & 1) != 0}; }

Status add_segment(ElfImage& image, const ProgramHeader& p) {
  if (p.memsz == 0) return Ok();
  const Opt<u64> memory_end = checked_add(p.vaddr, p.memsz);
  if (!memory_end || !checked_add(p.offset, p.filesz)) return Errc::not_executable;
  const u64 end = *memory_end;
  if (p.filesz > p.memsz || end > kUserEnd.value || (p.vaddr & kPageMask) != (p.offset & kPageMask)) return Errc::invalid_argument;
  if (!image.segments.empty()) {
    const ElfSegment& last = image.segments.back();
    if (p.vaddr < last.address + last.memory_size) return Errc::not_executable;
  }
  if (image.segments.empty()) image.lowest = page_down(p.vaddr);
  image.highest = page_up(end);
  image.segments.push_back({p.vaddr, p.filesz, p.memsz, p.offset, prot_of(p.flags)});
  return Ok();
}

Result<String> read_interpreter(CapRef<fs::File, fs::file::execute> f, const Context& who, const ProgramHeader& p) {
  if (p.filesz < 2 || p.filesz > 4096) return Errc::not_executable;
  Vec<u8> raw = Vec<u8>::filled(p.filesz, 0);
  Writer w = Writer::buffer(raw.items());
  const usize n = TRY(f.load(who, p.offset, w));
  if (n != p.filesz || raw.back() != 0) return Errc::not_executable;
  String s(raw.items());
  const usize nul = s.view().find('\0');
  return s.substr(0, nul);
}

// All of the rest of the last file page is zeroed, beyond the segment too (glibc's loader allocates there), and the pages after it
// are anonymous.
Status map_bss(CapRef<vm::Vm, vm::memory::use | vm::memory::change> vm, const ElfSegment& s, u64 bias, const vm::VmLimits& limits) {
  const u64 file_end = wrapping_add(bias, s.address) + s.file_size;
  const u64 end = wrapping_add(bias, s.address) + s.memory_size;
  if (s.memory_size == s.file_size) return Ok();
  const u64 zero_to = page_up(file_end);
  if (s.file_size != 0 && s.prot.write && zero_to > file_end) {
    // Tells too little memory from a file that is too short.
    if (vm.populate(VirtAddr(page_down(file_end)), kPageSize).error() == Errc::out_of_memory) return Errc::out_of_memory;
    TRY(user::zero_bytes(vm.space(), VirtAddr(file_end), zero_to - file_end));
  }
  const u64 from = s.file_size != 0 ? page_up(file_end) : page_down(file_end);
  if (page_up(end) <= from) return Ok();
  vm::MapRequest r{};
  r.hint = VirtAddr(from);
  r.length = page_up(end) - from;
  r.prot = s.prot;
  r.placement = vm::MapRequest::Placement::fixed;
  static_cast<void>(TRY(vm.map(r, limits)));
  return Ok();
}

}  // namespace

Result<ElfImage> read_elf(CapRef<fs::File, fs::file::execute> file, const Context& who) {
  const Header h = TRY(read_struct<Header>(file, who, 0));
  if (h.ident[0] != 0x7f || h.ident[1] != 'E' || h.ident[2] != 'L' || h.ident[3] != 'F') return Errc::not_executable;
  // Class and byte order are not looked at, as on Linux.
  if (h.machine != kX8664 || (h.type != kExec && h.type != kDyn)) return Errc::not_executable;
  if (h.phentsize != sizeof(ProgramHeader) || h.phnum == 0 || h.phnum > kMaxHeaders) return Errc::not_executable;
  ElfImage image{};
  image.position_independent = h.type == kDyn;
  image.entry = h.entry;
  image.header_count = h.phnum;
  for (u64 i = 0; i < h.phnum; ++i) {
    const Opt<u64> at = checked_add(h.phoff, i * sizeof(ProgramHeader));
    if (!at) return Errc::not_executable;
    const ProgramHeader p = TRY(read_struct<ProgramHeader>(file, who, *at));
    if (p.type == kLoad) {
      if (!add_segment(image, p).ok()) image.broken = true;
      if (image.headers_at == 0 && h.phoff >= p.offset && h.phoff - p.offset < p.filesz) image.headers_at = wrapping_add(p.vaddr, h.phoff - p.offset);
    } else if (p.type == kInterp && !image.interpreter) {
      image.interpreter = TRY(read_interpreter(file, who, p));
    } else if (p.type == kGnuStack) {
      image.executable_stack = (p.flags & 1) != 0;
    }
  }
  if (image.segments.empty()) image.broken = true;
  return image;
}

Result<Loaded> map_elf(CapRef<vm::Vm, vm::memory::use | vm::memory::change> vm, const ElfImage& image, CapRef<fs::File, fs::file::execute> file, u64 base, const vm::VmLimits& limits) {
  Loaded out{};
  if (image.position_independent) {
    // One reservation for the whole range finds the place; the segments then replace it.
    vm::MapRequest probe{};
    probe.hint = VirtAddr(base);
    probe.length = image.highest - image.lowest;
    probe.no_reserve = true;
    const VirtAddr at = TRY(vm.map(probe, limits));
    TRY(vm.unmap(at, probe.length));
    out.bias = wrapping_sub(at.value, image.lowest);  // an image may be moved downwards
  }
  for (const ElfSegment& s : image.segments) {
    const u64 start = page_down(wrapping_add(out.bias, s.address));
    if (s.file_size != 0) {
      vm::MapRequest r{};
      r.hint = VirtAddr(start);
      r.length = page_up(wrapping_add(out.bias, s.address) + s.file_size) - start;
      r.prot = s.prot;
      r.placement = vm::MapRequest::Placement::fixed;
      r.object = TRY(fs::FileMemory::of_program(file, s.prot));
      r.file = fs::mapped_file_of(ref_of(*file));
      r.offset = page_down(s.offset);
      static_cast<void>(TRY(vm.map(r, limits)));
    }
    TRY(map_bss(vm, s, out.bias, limits));
    if (s.prot.exec) {
      if (out.start_code == 0) out.start_code = wrapping_add(out.bias, s.address);
      out.end_code = wrapping_add(out.bias, s.address) + s.file_size;
    } else if (s.prot.write) {
      out.start_data = wrapping_add(out.bias, s.address);
      out.end_data = wrapping_add(out.bias, s.address) + s.file_size;
    }
  }
  out.entry = wrapping_add(out.bias, image.entry);
  out.headers = image.headers_at == 0 ? 0 : wrapping_add(out.bias, image.headers_at);
  out.end = wrapping_add(out.bias, image.highest);
  return out;
}

}  // namespace svc::proc
